// For tests that end a process at a fail point and look at what it leaves.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <functional>
#include <string>

#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "common/failpoint/armed.h"

namespace okr::failpoint {

enum class End {
  kKilled,  // By SIGKILL, as at a fail point.
  kTrue,    // `work` came back with true.
  kFalse,   // `work` came back with false.
  kOther,
};

// Runs `work` in a process of its own, armed as the variables would, and waits for its end. The
// calling process must have no threads; `work` must not use connections of the caller.
inline End RunInChild(absl::string_view fail_point, absl::string_view fault,
                      const std::function<bool()>& work) {
  const pid_t child = fork();
  if (child < 0) return End::kOther;
  if (child == 0) {
    setenv(internal::kFailPointVariable, std::string(fail_point).c_str(), 1);
    setenv(internal::kFaultVariable, std::string(fault).c_str(), 1);
    internal::ReadAgain();
    _exit(work() ? 0 : 1);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) return End::kOther;
  if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGKILL ? End::kKilled : End::kOther;
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) return End::kOther;
  return WEXITSTATUS(status) == 0 ? End::kTrue : End::kFalse;
}

// The point's name as a part of a test's name.
inline std::string TestNameOf(FailPoint point) {
  return absl::StrReplaceAll(RowOf(point).name, {{".", "_"}});
}

}  // namespace okr::failpoint
