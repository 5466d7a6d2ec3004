#include "services/checkins/store/messages.h"

#include "common/resources/messages.h"
#include "common/status/macros.h"

namespace okr::checkins {
namespace {

void WriteMeasurement(const Measurement& measurement, v1::CheckIn* message) {
  if (const auto* value = std::get_if<double>(&measurement)) {
    message->set_value(*value);
  } else if (const auto* done = std::get_if<MilestonesDone>(&measurement)) {
    message->mutable_milestones_done()->mutable_ids()->Assign(done->ids.begin(), done->ids.end());
  }
}

Measurement ReadMeasurement(const v1::CheckIn& message) {
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

absl::Status ReadBlockers(const v1::CheckIn& message, std::vector<Blocker>& blockers) {
  for (const v1::Blocker& blocker : message.blockers()) {
    Owner help_from;
    if (!blocker.help_from().empty()) {
      OKR_ASSIGN_OR_RETURN(help_from, Owner::Parse(blocker.help_from()));
    }
    blockers.push_back({.text = blocker.text(), .help_from = std::move(help_from)});
  }
  return absl::OkStatus();
}

}  // namespace

void ToProto(const CheckIn& check_in, v1::CheckIn* message) {
  message->set_name(check_in.name.ToString());
  WriteMeasurement(check_in.measurement, message);
  if (check_in.confidence) message->set_confidence(*check_in.confidence);
  if (check_in.stated_status) {
    v1::StatedStatus* stated = message->mutable_stated_status();
    stated->set_status(static_cast<scoring::v1::Status>(check_in.stated_status->status));
    stated->set_reason(check_in.stated_status->reason);
  }
  message->set_note(check_in.note);
  for (const Blocker& blocker : check_in.blockers) {
    v1::Blocker* added = message->add_blockers();
    added->set_text(blocker.text);
    added->set_help_from(blocker.help_from.ToString());
  }
  *message->mutable_effective_time() = ToTimestamp(check_in.effective_time);
  if (check_in.corrects) message->set_corrects(check_in.corrects->ToString());
  message->set_correction_reason(check_in.correction_reason);
  message->set_author(check_in.author.ToString());
  message->set_cycle(check_in.cycle.ToString());
  *message->mutable_create_time() = ToTimestamp(check_in.create_time);
}

absl::StatusOr<CheckIn> FromProto(const v1::CheckIn& message) {
  CheckIn check_in;
  OKR_ASSIGN_OR_RETURN(check_in.name, CheckInName::Parse(message.name()));
  check_in.measurement = ReadMeasurement(message);
  if (message.has_confidence()) check_in.confidence = message.confidence();
  if (message.has_stated_status()) {
    check_in.stated_status =
        StatedStatus{.status = static_cast<Status>(message.stated_status().status()),
                     .reason = message.stated_status().reason()};
  }
  check_in.note = message.note();
  OKR_RETURN_IF_ERROR(ReadBlockers(message, check_in.blockers));
  check_in.effective_time = FromTimestamp(message.effective_time());
  if (!message.corrects().empty()) {
    OKR_ASSIGN_OR_RETURN(check_in.corrects, CheckInName::Parse(message.corrects()));
  }
  check_in.correction_reason = message.correction_reason();
  OKR_ASSIGN_OR_RETURN(check_in.author, PersonName::Parse(message.author()));
  OKR_ASSIGN_OR_RETURN(check_in.cycle, CycleName::Parse(message.cycle()));
  check_in.create_time = FromTimestamp(message.create_time());
  return check_in;
}

}  // namespace okr::checkins
