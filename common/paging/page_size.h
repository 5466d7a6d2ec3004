// How many items a List request gets.
#pragma once

#include "absl/status/statusor.h"

namespace okr::paging {

inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1000;

// 0 means `default_size`; more than `max_size` means `max_size` (AIP-158); INVALID_FIELDS on
// "page_size" if negative.
absl::StatusOr<int> EffectivePageSize(int requested, int default_size = kDefaultPageSize,
                                      int max_size = kMaxPageSize);

}  // namespace okr::paging
