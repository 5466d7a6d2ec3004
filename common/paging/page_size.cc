#include "common/paging/page_size.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace okr::paging {

absl::StatusOr<int> EffectivePageSize(int requested, int default_size, int max_size) {
  if (requested < 0) {
    return InvalidFields({{"page_size", absl::StrCat("is ", requested, ", expected 0 (for ",
                                                     default_size, ") or more")}});
  }
  return requested == 0 ? default_size : std::min(requested, max_size);
}

}  // namespace okr::paging
