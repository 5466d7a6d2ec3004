#include "services/notifications/consumers/notification_id.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/ids/digest.h"

namespace okr::notifications {

Uuid NotificationId(absl::string_view event_id, const PersonName& recipient, Kind kind) {
  // Neither ids of events nor names hold a space.
  const Digest digest =
      Sha256(absl::StrCat(event_id, " ", recipient.ToString(), " ", static_cast<int>(kind)));
  std::array<uint8_t, 16> bytes{};
  std::copy_n(digest.bytes.begin(), bytes.size(), bytes.begin());
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x80);  // Version 8.
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);  // Variant of RFC 9562.
  return Uuid(bytes);
}

}  // namespace okr::notifications
