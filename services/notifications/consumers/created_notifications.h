// How many notifications this process has made.
#pragma once

#include <array>
#include <vector>

#include "common/metrics/registry.h"
#include "common/metrics/values.h"
#include "services/notifications/domain/notification.h"

namespace okr::notifications {

// Thread-safe.
class CreatedNotifications {
 public:
  void Add(const std::vector<Kind>& created) {
    for (const Kind kind : created) counts_[static_cast<size_t>(kind)].Add();
  }
  // Must outlive the registry's last Text.
  void ShowIn(metrics::Registry& registry) const;

 private:
  std::array<metrics::Counter, 7> counts_;
};

}  // namespace okr::notifications
