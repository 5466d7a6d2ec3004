// Which timestamps are times.
#pragma once

#include <cstdint>

#include "google/protobuf/timestamp.pb.h"

namespace okr::checkins {

// Whether it lies in the years 1 to 9999 and its nanos in [0, 1e9), as a client must send it.
inline bool IsTimestamp(const google::protobuf::Timestamp& time) {
  constexpr int64_t kFirst = -62'135'596'800;  // 0001-01-01
  constexpr int64_t kLast = 253'402'300'799;   // 9999-12-31
  return time.seconds() >= kFirst && time.seconds() <= kLast && time.nanos() >= 0 &&
         time.nanos() < 1'000'000'000;
}

}  // namespace okr::checkins
