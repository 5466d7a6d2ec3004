// For how long a reader of a log has been behind.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "common/events/position.h"

namespace okr::events {

// Not thread-safe. A reader that is never quite at the head, as that moves on, is behind only for
// as long as something has really waited: when it comes to where the head was when it was found
// behind, the time begins anew.
class LagClock {
 public:
  void Update(const LogPosition& reached, const LogPosition& head, absl::Time now) {
    if (reached >= head) {
      since_.reset();
    } else if (!since_ || reached >= awaited_) {
      since_ = now;
      awaited_ = head;
    }
  }

  // Nothing if the reader is not behind.
  const std::optional<absl::Time>& since() const { return since_; }

 private:
  std::optional<absl::Time> since_;
  LogPosition awaited_;
};

}  // namespace okr::events
