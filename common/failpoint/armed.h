// What the environment has armed in this process. Used through failpoint.h.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/failpoint/table.h"

namespace okr::failpoint::internal {

inline constexpr char kFailPointVariable[] = "OKR_TEST_FAIL_POINT";
inline constexpr char kFaultVariable[] = "OKR_TEST_FAULT";

struct Armed {
  std::optional<FailPoint> point;
  int64_t at = 1;  // The how manieth arrival ends the process.
  std::optional<Fault> fault;
};

// `fail_point` is "name" or "name:n", `fault` a name; empty for none. INVALID_ARGUMENT names the
// variable, what it says and what it may say.
absl::StatusOr<Armed> Parse(absl::string_view fail_point, absl::string_view fault);

// What the variables say, read when it is first asked for. A wrong variable arms nothing; Arm tells
// of it.
absl::Status Arm();  // Logs one line if something is armed.
// For a process that was forked after somebody has asked.
void ReadAgain();
// Counts an arrival; whether it is the one that ends the process. Thread-safe.
bool IsDue(FailPoint point);
bool IsPlanted(Fault fault);
// Ends the process by SIGKILL, as a crash would: nothing is flushed, closed or told.
[[noreturn]] void Die();

}  // namespace okr::failpoint::internal
