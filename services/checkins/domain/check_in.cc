#include "services/checkins/domain/check_in.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/macros.h"
#include "services/checkins/domain/errors.h"

namespace okr::checkins {
namespace {

constexpr absl::string_view kEffectiveTime = "check_in.effective_time";

bool HasMilestone(const Milestones& milestones, const std::string& id) {
  return std::any_of(milestones.milestones.begin(), milestones.milestones.end(),
                     [&](const Milestone& milestone) { return milestone.id == id; });
}

std::string IdsOf(const Milestones& milestones) {
  return absl::StrJoin(
      milestones.milestones, ", ",
      [](std::string* out, const Milestone& milestone) { out->append(milestone.id); });
}

void CheckMilestones(const MilestonesDone& done, const Milestones& milestones,
                     Violations& violations) {
  for (size_t i = 0; i < done.ids.size(); ++i) {
    if (HasMilestone(milestones, done.ids[i])) continue;
    violations.Add(absl::StrCat("check_in.milestones_done.ids[", i, "]"),
                   absl::StrCat("is \"", done.ids[i].substr(0, 100),
                                "\"; the milestones are: ", IdsOf(milestones)));
  }
}

void CheckKind(const Measurement& measurement, const KeyResult& key_result,
               Violations& violations) {
  const auto* milestones = std::get_if<Milestones>(&key_result.kind);
  if (const auto* done = std::get_if<MilestonesDone>(&measurement)) {
    if (milestones != nullptr) return CheckMilestones(*done, *milestones, violations);
    violations.Add("check_in.milestones_done",
                   absl::StrCat("is set, but ", key_result.name.ToString(),
                                " is measured by a number; set value"));
  } else if (std::holds_alternative<double>(measurement) && milestones != nullptr) {
    violations.Add("check_in.value",
                   absl::StrCat("is set, but ", key_result.name.ToString(),
                                " is measured by milestones; set milestones_done"));
  }
}

std::string Text(absl::Time time, const absl::TimeZone& zone) {
  return absl::FormatTime(absl::RFC3339_sec, time, zone);
}

void CheckEffectiveTime(absl::Time time, const Subject& subject, bool is_given, absl::Time now,
                        Violations& violations) {
  const absl::Time begin = StartOfDay(subject.cycle.start_date, subject.zone);
  const absl::Time end = EndOfDay(subject.cycle.end_date, subject.zone);
  const absl::string_view given = is_given ? "is " : "is not set, so it is now, ";
  if (time > now + kClockSkew) {
    violations.Add(kEffectiveTime,
                   absl::StrCat("is ", Text(time, subject.zone), ", in the future; it is ",
                                Text(now, subject.zone), " now"));
  } else if (time < begin || time >= end) {
    violations.Add(
        kEffectiveTime,
        absl::StrCat(given, Text(time, subject.zone), "; ", subject.cycle.name.ToString(),
                     " lasts from ", absl::FormatCivilTime(subject.cycle.start_date),
                     " to the end of ", absl::FormatCivilTime(subject.cycle.end_date)));
  }
}

void CheckCorrection(const Subject& subject, const Draft& draft, const Corrected& corrected,
                     Violations& violations) {
  constexpr absl::string_view kField = "check_in.corrects";
  const std::string& name = draft.corrects->ToString();
  if (draft.corrects->key_result() != subject.key_result.name) {
    violations.Add(kField, absl::StrCat("is ", name, "; expected a check-in of ",
                                        subject.key_result.name.ToString()));
  } else if (corrected.check_in == nullptr) {
    violations.Add(kField, absl::StrCat("is ", name, ", which does not exist"));
  } else if (corrected.replaced_by) {
    violations.Add(kField, absl::StrCat("is ", name, ", which was corrected already; correct ",
                                        corrected.replaced_by->ToString()));
  } else if (draft.effective_time && *draft.effective_time != corrected.check_in->effective_time) {
    violations.Add(kEffectiveTime,
                   absl::StrCat("is ", Text(*draft.effective_time, subject.zone),
                                "; a correction keeps that of the other, ",
                                Text(corrected.check_in->effective_time, subject.zone)));
  }
}

// When the value was observed; checked.
absl::Time EffectiveTime(const Subject& subject, const Draft& draft, const Corrected& corrected,
                         absl::Time now, Violations& violations) {
  if (draft.corrects) {
    CheckCorrection(subject, draft, corrected, violations);
    return corrected.check_in != nullptr ? corrected.check_in->effective_time : now;
  }
  const absl::Time time = draft.effective_time.value_or(now);
  CheckEffectiveTime(time, subject, draft.effective_time.has_value(), now, violations);
  return time;
}

}  // namespace

absl::Status TakesCheckIns(const Subject& subject) {
  if (subject.cycle.state != CycleState::kActive) return error::CycleNotActive(subject.cycle);
  if (subject.objective.state != ObjectiveState::kActive) {
    return error::ObjectiveNotActive(subject.objective);
  }
  if (subject.key_result.state != KeyResultState::kActive) {
    return error::KeyResultNotActive(subject.key_result);
  }
  return absl::OkStatus();
}

absl::StatusOr<CheckIn> MakeCheckIn(const Subject& subject, const CheckInName& name,
                                    const PersonName& author, const Draft& draft,
                                    const Corrected& corrected, Violations violations,
                                    absl::Time now) {
  now = absl::FromUnixMicros(absl::ToUnixMicros(now));
  CheckKind(draft.measurement, subject.key_result, violations);
  const absl::Time effective = EffectiveTime(subject, draft, corrected, now, violations);
  OKR_RETURN_IF_ERROR(violations.ToStatus());
  return CheckIn{.name = name,
                 .measurement = draft.measurement,
                 .confidence = draft.confidence,
                 .stated_status = draft.stated_status,
                 .note = draft.note,
                 .blockers = draft.blockers,
                 .effective_time = effective,
                 .corrects = draft.corrects,
                 .correction_reason = draft.correction_reason,
                 .author = author,
                 .cycle = subject.cycle.name,
                 .create_time = now};
}

}  // namespace okr::checkins
