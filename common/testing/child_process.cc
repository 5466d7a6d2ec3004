#include "common/testing/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/macros.h"

namespace okr::testing {
namespace {

struct Identity {
  uid_t user = 0;
  gid_t group = 0;
};

absl::StatusOr<std::optional<Identity>> Find(const std::string& user) {
  if (user.empty()) return std::nullopt;
  const passwd* const entry = getpwnam(user.c_str());
  if (entry == nullptr) return absl::NotFoundError(absl::StrCat("there is no user ", user));
  return Identity{.user = entry->pw_uid, .group = entry->pw_gid};
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(const std::vector<std::string>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) all.emplace_back(*entry);
  all.insert(all.end(), added.begin(), added.end());
  return all;
}

// Runs between fork and exec: only async-signal-safe calls.
[[noreturn]] void BecomeProgram(char* const* arguments, char* const* environment, const char* log,
                                const std::optional<Identity>& identity, int end_signal,
                                pid_t parent) {
  constexpr int kCannotRun = 127;
  const int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (out < 0 || in < 0) _exit(kCannotRun);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  // setgroups would be refused without privileges; with them no group of ours may remain.
  if (identity && (setgid(identity->group) != 0 || setuid(identity->user) != 0)) _exit(kCannotRun);
  // After setuid, which clears it.
  prctl(PR_SET_PDEATHSIG, end_signal);
  if (getppid() != parent) _exit(kCannotRun);
  execve(arguments[0], arguments, environment);
  _exit(kCannotRun);
}

// glibc's header of pidfd_open cannot be used from C++ everywhere.
int OpenHandle(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

// Waits for the end of the process of a pidfd.
bool AwaitHandle(int handle, absl::Time deadline) {
  constexpr absl::Duration kLongest = absl::Minutes(1);
  pollfd ended{.fd = handle, .events = POLLIN, .revents = 0};
  while (true) {
    const absl::Duration left = std::clamp(deadline - absl::Now(), absl::ZeroDuration(), kLongest);
    const auto timeout = absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1)));
    if (poll(&ended, 1, static_cast<int>(timeout)) > 0) return true;
    if (absl::Now() >= deadline) return false;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(const Options& options) {
  OKR_ASSIGN_OR_RETURN(const std::optional<Identity> identity, Find(options.user));
  const std::vector<char*> arguments = Pointers(options.arguments);
  const std::vector<std::string> variables = Environment(options.environment);
  const std::vector<char*> environment = Pointers(variables);
  const char* const log = options.log_path.empty() ? "/dev/null" : options.log_path.c_str();
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return absl::InternalError(absl::StrCat("fork: ", std::strerror(errno)));
  if (pid == 0) {
    BecomeProgram(arguments.data(), environment.data(), log, identity, options.end_signal, parent);
  }
  return std::unique_ptr<ChildProcess>(new ChildProcess(pid, OpenHandle(pid)));
}

ChildProcess::~ChildProcess() {
  if (!exit_code_) {
    Signal(SIGKILL);
    Signal(SIGCONT);
    Wait(absl::InfiniteFuture());
  }
  close(handle_);
}

void ChildProcess::Signal(int signal) const {
  if (!exit_code_) kill(pid_, signal);
}

std::optional<int> ChildProcess::Wait(absl::Time deadline) {
  if (exit_code_) return exit_code_;
  if (!AwaitHandle(handle_, deadline)) return std::nullopt;
  int state = 0;
  while (waitpid(pid_, &state, 0) < 0 && errno == EINTR) {
  }
  exit_code_ = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  return exit_code_;
}

absl::Status RunProgram(const ChildProcess::Options& options, absl::Time deadline) {
  OKR_ASSIGN_OR_RETURN(auto process, ChildProcess::Start(options));
  const std::optional<int> code = process->Wait(deadline);
  if (code == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(options.arguments.front(),
                                          code ? absl::StrCat(" exited with ", *code) : " hangs",
                                          "\n", TailOf(options.log_path)));
}

bool AwaitEnd(pid_t pid, absl::Time deadline) {
  const int handle = OpenHandle(pid);
  if (handle < 0) return true;
  const bool ended = AwaitHandle(handle, deadline);
  close(handle);
  return ended;
}

std::string TailOf(const std::string& path) {
  constexpr size_t kMost = 4000;
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return text.size() <= kMost ? text : text.substr(text.size() - kMost);
}

}  // namespace okr::testing
