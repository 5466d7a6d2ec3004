#include "common/socket/await_socket.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "absl/time/clock.h"

namespace okr {
namespace {

int MillisecondsUntil(absl::Time deadline) {
  constexpr int64_t kLongest = 60 * 1000;
  const absl::Duration left = deadline - absl::Now();
  if (left <= absl::ZeroDuration()) return 0;
  // Rounded up, so that the last part of a millisecond is not spent in a busy loop.
  return static_cast<int>(
      std::min(kLongest, absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1)))));
}

}  // namespace

bool AwaitSocket(int socket, SocketEvents events, absl::Time deadline) {
  pollfd waited{.fd = socket, .events = 0, .revents = 0};
  if (events.read) waited.events = static_cast<int16_t>(waited.events | POLLIN);
  if (events.write) waited.events = static_cast<int16_t>(waited.events | POLLOUT);
  while (true) {
    const int timeout = MillisecondsUntil(deadline);
    const int ready = poll(&waited, 1, timeout);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR && errno != EAGAIN) return true;
    if (ready == 0 && timeout == 0) return false;
  }
}

}  // namespace okr
