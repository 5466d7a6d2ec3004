// Waiting for a socket, with a deadline.
#pragma once

#include "absl/time/time.h"

namespace okr {

struct SocketEvents {
  bool read = false;
  bool write = false;
};

// Waits until one of the events (or an error, which a read then tells) is there. False when
// `deadline` passes first. With a deadline in the past it only looks.
bool AwaitSocket(int socket, SocketEvents events, absl::Time deadline);

}  // namespace okr
