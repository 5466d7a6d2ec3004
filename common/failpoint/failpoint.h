// Places where tests end the process, and mistakes that tests plant.
//
//   failpoint::Reach(FailPoint::kBatchCommitted);
//   if (failpoint::Planted(Fault::kFoldMissing)) ...
//
// Only in builds with the CMake option OKR_TEST_HOOKS; in others Reach is nothing and Planted is
// the constant false, so that the compiler drops what hangs on it. There the environment arms:
//   OKR_TEST_FAIL_POINT=batch.committed[:3]  the process ends by SIGKILL the third time it gets
//                                            there (the first time without a number)
//   OKR_TEST_FAULT=fold-missing-in-batch     the mistake is made
// All thread-safe.
#pragma once

#include "absl/status/status.h"
#include "common/failpoint/armed.h"
#include "common/failpoint/table.h"

namespace okr::failpoint {

#ifdef OKR_TEST_HOOKS
constexpr bool kCompiledIn = true;
inline bool Planted(Fault fault) { return internal::IsPlanted(fault); }
#else
constexpr bool kCompiledIn = false;
constexpr bool Planted(Fault) { return false; }
#endif

inline void Reach(FailPoint point) {
  if constexpr (kCompiledIn) {
    if (internal::IsDue(point)) internal::Die();
  }
}

// The process ends after `last_act`: for places that are within one round trip otherwise, where it
// sends the first half.
template <typename LastAct>
void ReachAfter(FailPoint point, LastAct last_act) {
  if constexpr (kCompiledIn) {
    if (!internal::IsDue(point)) return;
    last_act();
    internal::Die();
  }
}

// At the start of a process: INVALID_ARGUMENT if the environment names what does not exist; one
// line in the log if something is armed.
inline absl::Status Arm() {
  if constexpr (kCompiledIn) return internal::Arm();
  return absl::OkStatus();
}

}  // namespace okr::failpoint
