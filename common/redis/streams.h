// Redis Streams, as far as the event log needs them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/redis/client.h"

namespace okr::redis {

struct StreamEntry {
  std::string stream;
  std::string id;  // "<epoch>-<position>" in our streams.
  std::vector<std::pair<std::string, std::string>> fields;

  // Value of a field; nullopt if there is none.
  std::optional<absl::string_view> Field(absl::string_view name) const;
};

struct StreamPosition {
  std::string stream;
  std::string last_id;  // Entries after this one are read; "0-0" for all.
};

// The next entries of each stream, at most `count` of each, in the order of the streams and their
// ids. Waits up to `block` if there is none (zero: not at all), then gives an empty list.
absl::StatusOr<std::vector<StreamEntry>> XRead(Client& client,
                                               const std::vector<StreamPosition>& positions,
                                               int count, absl::Duration block);

// The last entry; nullopt for a stream that is empty or does not exist.
absl::StatusOr<std::optional<StreamEntry>> XRangeLast(Client& client, absl::string_view stream);

// The id of the last entry that was ever added, also if it was trimmed away since; nullopt for a
// stream that does not exist.
absl::StatusOr<std::optional<std::string>> XLastId(Client& client, absl::string_view stream);

}  // namespace okr::redis
