// Opaque page tokens: where the next page begins, signed and bound to the list it belongs to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace okr::paging {

// What must stay the same from page to page; the page's size may change.
struct PageScope {
  std::string method;  // Full name, e.g. "okr.goals.v1.GoalsService/ListObjectives".
  std::string parent;
  std::string filter;
  std::string order_by;
  std::string caller;  // Set where what is listed depends on who asks.
};

// The sort key of the last item of a page, one text per column.
using PageKey = std::vector<std::string>;

// Thread-safe.
class PageTokenCodec {
 public:
  // `key` is the same in all replicas of a service; INVALID_ARGUMENT under 32 bytes.
  static absl::StatusOr<PageTokenCodec> Create(absl::string_view key);

  // URL-safe text. The content is signed, not encrypted: a caller can read the keys.
  std::string Encode(const PageScope& scope, const PageKey& last) const;

  // Absent for the empty token of a first page. INVALID_FIELDS on "page_token" if it was not made
  // by Encode with this key and scope.
  absl::StatusOr<std::optional<PageKey>> Decode(const PageScope& scope,
                                                absl::string_view token) const;

 private:
  explicit PageTokenCodec(absl::string_view key) : key_(key) {}
  std::string Sign(const PageScope& scope, absl::string_view content) const;

  std::string key_;
};

}  // namespace okr::paging
