#include "services/checkins/transport/check_in_command.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/resources/messages.h"
#include "services/checkins/transport/timestamp.h"

namespace okr::checkins {
namespace {

constexpr size_t kMaxRequestId = 64;

Measurement ParseMeasurement(const v1::CheckIn& message) {
  switch (message.measurement_case()) {
    case v1::CheckIn::kValue:
      return message.value();
    case v1::CheckIn::kMilestonesDone: {
      const auto& ids = message.milestones_done().ids();
      return MilestonesDone{.ids = {ids.begin(), ids.end()}};
    }
    case v1::CheckIn::MEASUREMENT_NOT_SET:
      break;
  }
  return std::monostate();
}

Blocker ParseBlocker(const v1::Blocker& message, const std::string& field, Violations& violations) {
  Blocker blocker{.text = message.text()};
  if (message.help_from().empty()) return blocker;
  absl::StatusOr<Owner> help_from = Owner::Parse(message.help_from(), "help_from");
  violations.AddFrom(field, help_from.status());
  if (help_from.ok()) blocker.help_from = *std::move(help_from);
  return blocker;
}

Draft ParseDraft(const v1::CheckIn& message, Violations& violations) {
  Draft draft{.measurement = ParseMeasurement(message), .note = message.note()};
  if (message.has_confidence()) draft.confidence = message.confidence();
  if (message.has_stated_status()) {
    draft.stated_status =
        StatedStatus{.status = static_cast<Status>(message.stated_status().status()),
                     .reason = message.stated_status().reason()};
  }
  // One more than allowed says enough.
  for (int i = 0; i < message.blockers_size() && i <= static_cast<int>(kMaxBlockers); ++i) {
    draft.blockers.push_back(
        ParseBlocker(message.blockers(i), absl::StrCat("check_in.blockers[", i, "]"), violations));
  }
  if (message.has_effective_time()) {
    if (IsTimestamp(message.effective_time())) {
      draft.effective_time = FromTimestamp(message.effective_time());
    } else {
      violations.Add("check_in.effective_time", "is no time from the year 1 to 9999");
    }
  }
  if (!message.corrects().empty()) {
    absl::StatusOr<CheckInName> corrects =
        CheckInName::Parse(message.corrects(), "check_in.corrects");
    violations.AddFrom("", corrects.status());
    if (corrects.ok()) draft.corrects = *std::move(corrects);
  }
  draft.correction_reason = message.correction_reason();
  return draft;
}

void CheckRequestId(const std::string& request_id, Violations& violations) {
  if (request_id.size() <= kMaxRequestId) return;
  violations.Add("request_id", absl::StrCat("has ", request_id.size(), " bytes; at most ",
                                            kMaxRequestId, " are allowed, best a UUID"));
}

}  // namespace

absl::StatusOr<CheckInCommand> ParseCheckIn(const auth::Principal& principal,
                                            const v1::CreateCheckInRequest& request,
                                            UuidGenerator& ids) {
  CheckInCommand command{.principal = principal};
  Violations& violations = command.violations;
  const absl::StatusOr<KeyResultName> parent = KeyResultName::Parse(request.parent(), "parent");
  violations.AddFrom("", parent.status());
  command.id_is_chosen = !request.check_in_id().empty();
  const absl::Status id = command.id_is_chosen
                              ? CheckResourceId("check_in_id", request.check_in_id())
                              : absl::OkStatus();
  violations.AddFrom("", id);
  CheckRequestId(request.request_id(), violations);
  if (request.has_check_in()) {
    command.draft = Normalized(ParseDraft(request.check_in(), violations));
    CheckDraft(command.draft, violations);
  } else {
    violations.Add("check_in", "is missing");
  }
  if (!parent.ok() || !id.ok() || !request.has_check_in() ||
      request.request_id().size() > kMaxRequestId) {
    return violations.ToStatus();
  }
  command.name =
      CheckInName(*parent, command.id_is_chosen ? request.check_in_id() : ids.Next().ToString());
  return command;
}

}  // namespace okr::checkins
