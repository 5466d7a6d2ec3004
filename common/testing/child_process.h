// A server that a test starts and ends.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace okr::testing {

// Ends with the process that started it, also if that is killed. Not thread-safe.
class ChildProcess {
 public:
  struct Options {
    std::vector<std::string> arguments;    // The program's path first.
    std::vector<std::string> environment;  // NAME=value, added to our own.
    std::string log_path;                  // Gets stdout and stderr; appended to.
    std::string user;                      // Runs as this user; empty for our own.
    int end_signal = 9;                    // Sent when the starting process dies.
  };
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(const Options& options);
  // Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const;
  // Waits for its end; the exit code (128 + signal if it was killed), or nullopt at the deadline.
  std::optional<int> Wait(absl::Time deadline);

 private:
  ChildProcess(pid_t pid, int handle) : pid_(pid), handle_(handle) {}
  pid_t pid_;
  int handle_;  // A pidfd.
  std::optional<int> exit_code_;
};

// Runs a program to its end; INTERNAL with the end of its log unless it exits with 0.
absl::Status RunProgram(const ChildProcess::Options& options, absl::Time deadline);

// Waits for the end of any process; false at the deadline.
bool AwaitEnd(pid_t pid, absl::Time deadline);

// The last part of a log, to be shown with a failure.
std::string TailOf(const std::string& path);

}  // namespace okr::testing
