#include "services/checkins/domain/draft.h"

#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/checkins/domain/text.h"

namespace okr::checkins {
namespace {

double WithoutMinusZero(double number) { return number == 0 ? 0.0 : number; }

void CheckMeasurement(const Measurement& measurement, Violations& violations) {
  if (const auto* value = std::get_if<double>(&measurement)) {
    if (std::isfinite(*value) && std::abs(*value) <= kMaxNumber) return;
    violations.Add("check_in.value",
                   absl::StrCat("is ", *value, "; expected a finite number from -1e15 to 1e15"));
  } else if (const auto* done = std::get_if<MilestonesDone>(&measurement)) {
    std::set<absl::string_view> seen;
    for (size_t i = 0; i < done->ids.size(); ++i) {
      if (seen.insert(done->ids[i]).second) continue;
      violations.Add(absl::StrCat("check_in.milestones_done.ids[", i, "]"),
                     absl::StrCat("repeats \"", done->ids[i], "\"; name each milestone once"));
    }
  }
}

void CheckStatedStatus(const StatedStatus& stated, Violations& violations) {
  if (stated.status != Status::kOnTrack && stated.status != Status::kAtRisk &&
      stated.status != Status::kOffTrack) {
    violations.Add("check_in.stated_status.status",
                   absl::StrCat("is ", static_cast<int>(stated.status),
                                "; expected ON_TRACK, AT_RISK or OFF_TRACK"));
  }
  CheckText("check_in.stated_status.reason", stated.reason, kReason, violations);
}

void CheckBlockers(const std::vector<Blocker>& blockers, Violations& violations) {
  if (blockers.size() > kMaxBlockers) {
    violations.Add("check_in.blockers", absl::StrCat("has ", blockers.size(), " items; at most ",
                                                     kMaxBlockers, " are allowed"));
    return;
  }
  for (size_t i = 0; i < blockers.size(); ++i) {
    CheckText(absl::StrCat("check_in.blockers[", i, "].text"), blockers[i].text, kBlockerText,
              violations);
  }
}

void CheckCorrectionReason(const Draft& draft, Violations& violations) {
  constexpr absl::string_view kField = "check_in.correction_reason";
  if (draft.corrects) {
    CheckText(kField, draft.correction_reason, kReason, violations);
  } else if (!draft.correction_reason.empty()) {
    violations.Add(kField, "is set without check_in.corrects; name the check-in that is corrected");
  }
}

bool SaysNothing(const Draft& draft) {
  return std::holds_alternative<std::monostate>(draft.measurement) && !draft.confidence &&
         !draft.stated_status && draft.note.empty() && draft.blockers.empty();
}

}  // namespace

void CheckDraft(const Draft& draft, Violations& violations) {
  CheckMeasurement(draft.measurement, violations);
  if (draft.confidence && !(*draft.confidence >= 0 && *draft.confidence <= 1)) {
    violations.Add("check_in.confidence",
                   absl::StrCat("is ", *draft.confidence, "; expected a number from 0.0 to 1.0"));
  }
  if (draft.stated_status) CheckStatedStatus(*draft.stated_status, violations);
  CheckText("check_in.note", draft.note, kNote, violations);
  CheckBlockers(draft.blockers, violations);
  CheckCorrectionReason(draft, violations);
  // A correction may take back everything that the other one said.
  if (SaysNothing(draft) && !draft.corrects) {
    violations.Add("check_in",
                   "says nothing; expected a measurement, confidence, stated_status, note or "
                   "blockers");
  }
}

Draft Normalized(Draft draft) {
  if (auto* value = std::get_if<double>(&draft.measurement)) *value = WithoutMinusZero(*value);
  if (draft.confidence) draft.confidence = WithoutMinusZero(*draft.confidence);
  if (draft.effective_time) {
    draft.effective_time = absl::FromUnixMicros(absl::ToUnixMicros(*draft.effective_time));
  }
  return draft;
}

}  // namespace okr::checkins
