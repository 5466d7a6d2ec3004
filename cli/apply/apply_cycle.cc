// A cycle with its objectives: written down, brought to life, aligned, filled, graded, closed.
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "cli/apply/applier.h"
#include "cli/apply/write.h"
#include "cli/plan/difference.h"
#include "cli/render/errors.h"
#include "common/status/macros.h"
#include "okr/goals/v1/goals_service.pb.h"

namespace okr::cli {

using directory::v1::Cycle;
using goals::v1::Objective;

std::string Of(absl::string_view what, absl::string_view cycle) {
  return absl::StrCat(what, cycle.empty() ? "" : " of ", IdOf(cycle));
}

std::vector<const PlannedObjective*> Applier::ObjectivesOf(const PlannedCycle& cycle,
                                                           const Plan& plan) const {
  std::vector<const PlannedObjective*> objectives;
  for (const PlannedObjective& objective : plan.objectives) {
    const std::string& its = objective.message.cycle();
    const bool described =
        absl::c_any_of(plan.cycles, [&](const PlannedCycle& c) { return c.name == its; });
    if (cycle.name.empty() ? !described : its == cycle.name) objectives.push_back(&objective);
  }
  return objectives;
}

absl::Status Applier::ApplyCycle(const PlannedCycle& cycle, const Plan& plan) {
  const auto objectives = ObjectivesOf(cycle, plan);
  if (!cycle.name.empty()) {
    OKR_RETURN_IF_ERROR(Ensure<Cycle>(Kind::kCycle, cycle));
  } else if (objectives.empty()) {
    return absl::OkStatus();
  }
  OKR_RETURN_IF_ERROR(EnsureObjectives(objectives));
  OKR_RETURN_IF_ERROR(MoveCycle<directory::v1::ActivateCycleRequest>(
      cycle.name, directory::v1::CYCLE_STATE_DRAFT, cycle.state, "activated"));
  progress_.Start(Of("alignments", cycle.name), objectives.size());
  for (const PlannedObjective* objective : objectives) {
    OKR_RETURN_IF_ERROR(EnsureActive(*objective));
    OKR_RETURN_IF_ERROR(EnsureAlignments(*objective));
    progress_.Advance();
  }
  OKR_RETURN_IF_ERROR(EnsureCheckIns(cycle, objectives));
  for (const PlannedObjective* objective : objectives) {
    OKR_RETURN_IF_ERROR(EnsureRetired(*objective));
  }
  OKR_RETURN_IF_ERROR(MoveCycle<directory::v1::OpenCycleGradingRequest>(
      cycle.name, directory::v1::CYCLE_STATE_ACTIVE, cycle.state, "opened for grading"));
  OKR_RETURN_IF_ERROR(EnsureGrades(cycle, objectives));
  return MoveCycle<directory::v1::CloseCycleRequest>(cycle.name, directory::v1::CYCLE_STATE_GRADING,
                                                     cycle.state, "closed");
}

absl::Status Applier::EnsureObjectives(const std::vector<const PlannedObjective*>& objectives) {
  size_t key_results = 0;
  progress_.Start("objectives", objectives.size());
  for (const PlannedObjective* objective : objectives) {
    OKR_RETURN_IF_ERROR(Ensure<Objective>(Kind::kObjective, *objective));
    key_results += objective->key_results.size();
    progress_.Advance();
  }
  progress_.Start("key results", key_results);
  for (const PlannedObjective* objective : objectives) {
    for (const PlannedKeyResult& key_result : objective->key_results) {
      OKR_RETURN_IF_ERROR(Ensure<goals::v1::KeyResult>(Kind::kKeyResult, key_result));
      progress_.Advance();
    }
  }
  return absl::OkStatus();
}

absl::Status Applier::EnsureActive(const PlannedObjective& planned) {
  auto& there = There<Objective>(planned.name);
  const bool draft = there.state() == goals::v1::OBJECTIVE_STATE_DRAFT;
  if (!draft || planned.draft || planned.key_results.empty()) return absl::OkStatus();
  goals::v1::ActivateObjectiveRequest request;
  request.set_name(planned.name);
  summary_.Add("activated", "objective", "objectives");
  return Write(request, "apply", &there);
}

absl::Status Applier::EnsureAlignments(const PlannedObjective& planned) {
  auto& there = There<Objective>(planned.name);
  for (const goals::v1::Alignment& alignment : planned.alignments) {
    if (absl::c_any_of(there.alignments(),
                       [&](const auto& is) { return Contains(is, alignment); })) {
      continue;
    }
    goals::v1::AlignObjectiveRequest request;
    request.set_name(planned.name);
    *request.mutable_alignment() = alignment;
    summary_.Add("aligned", "objective", "objectives");
    OKR_RETURN_IF_ERROR(Write(request, absl::StrCat("apply ", there.etag()), &there));
  }
  return absl::OkStatus();
}

absl::Status Applier::EnsureRetired(const PlannedObjective& planned) {
  for (const PlannedKeyResult& key_result : planned.key_results) {
    auto& there = There<goals::v1::KeyResult>(key_result.name);
    if (!key_result.retirement.has_value() ||
        there.state() == goals::v1::KEY_RESULT_STATE_RETIRED) {
      continue;
    }
    goals::v1::RetireKeyResultRequest request;
    request.set_name(key_result.name);
    request.set_reason(key_result.retirement->reason);
    summary_.Add("retired", "key result", "key results");
    OKR_RETURN_IF_ERROR(Write(request, "apply", &there));
  }
  auto& there = There<Objective>(planned.name);
  if (!planned.retirement.has_value() || there.state() == goals::v1::OBJECTIVE_STATE_RETIRED) {
    return absl::OkStatus();
  }
  goals::v1::RetireObjectiveRequest request;
  request.set_name(planned.name);
  request.set_reason(planned.retirement->reason);
  request.set_superseded_by(planned.retirement->superseded_by);
  summary_.Add("retired", "objective", "objectives");
  return Write(request, "apply", &there);
}

template <typename Request>
absl::Status Applier::MoveCycle(const std::string& name, directory::v1::CycleState from,
                                directory::v1::CycleState wanted, absl::string_view verb) {
  if (name.empty()) return absl::OkStatus();
  auto& there = There<Cycle>(name);
  if (there.state() != from || wanted <= from) return absl::OkStatus();
  Request request;
  request.set_name(name);
  summary_.Add(verb, "cycle", "cycles");
  return Write(request, "apply", &there);
}

}  // namespace okr::cli
