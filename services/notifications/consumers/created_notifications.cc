#include "services/notifications/consumers/created_notifications.h"

#include <utility>

namespace okr::notifications {
namespace {

constexpr std::array<std::pair<Kind, const char*>, 6> kNames = {
    {{Kind::kCheckInDue, "check_in_due"},
     {Kind::kCheckInOverdue, "check_in_overdue"},
     {Kind::kStatusChanged, "status_changed"},
     {Kind::kBlockerRaised, "blocker_raised"},
     {Kind::kObjectiveAligned, "objective_aligned"},
     {Kind::kGradingOpened, "grading_opened"}}};

}  // namespace

void CreatedNotifications::ShowIn(metrics::Registry& registry) const {
  for (const auto& [kind, name] : kNames) {
    registry.Show({"okr_notifications_created_total", "Notifications that this process made"},
                  {{"kind", name}}, counts_[static_cast<size_t>(kind)]);
  }
}

}  // namespace okr::notifications
