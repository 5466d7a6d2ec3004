#include "services/scoring/store/facts.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "common/resources/messages.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "services/scoring/store/names.h"

namespace okr::scoring {
namespace {

std::optional<Commitment> CommitmentFrom(::okr::Commitment commitment) {
  switch (commitment) {
    case ::okr::Commitment::kUnspecified:
      return std::nullopt;
    case ::okr::Commitment::kCommitted:
      return Commitment::kCommitted;
    case ::okr::Commitment::kAspirational:
      return Commitment::kAspirational;
    case ::okr::Commitment::kLearning:
      return Commitment::kLearning;
  }
  return std::nullopt;
}

Weight WeightOf(std::optional<double> weight) {
  return Weight::Make("weight", weight.value_or(1.0)).value_or(Weight());
}

Measure MeasureOf(const ::okr::Metric& metric) {
  return Metric{metric.baseline, metric.target, metric.target_change_percent};
}
Measure MeasureOf(const ::okr::Maintain& maintain) {
  return Maintain{maintain.lower, maintain.upper};
}
Measure MeasureOf(const ::okr::Milestones& milestones) {
  Milestones measure;
  for (const ::okr::Milestone& milestone : milestones.milestones) {
    measure.milestones.push_back({milestone.id, milestone.weight.value_or(1.0)});
  }
  return measure;
}

Lifecycle LifecycleOf(const ::okr::KeyResult& key_result) {
  if (key_result.deleted()) return Lifecycle::kDeleted;
  return key_result.state == KeyResultState::kRetired ? Lifecycle::kRetired : Lifecycle::kActive;
}

std::string CheckInNameOf(const std::string& key_result, const std::string& id) {
  return id.empty() ? std::string() : absl::StrCat(key_result, "/checkIns/", id);
}

stored::StoredMeasurement Stored(const okr::checkins::v1::CheckIn& check_in) {
  stored::StoredMeasurement stored;
  stored.set_check_in(std::string(IdOf(check_in.name())));
  stored.set_effective_time(absl::ToUnixMicros(FromTimestamp(check_in.effective_time())));
  stored.set_create_time(absl::ToUnixMicros(FromTimestamp(check_in.create_time())));
  stored.set_corrects(std::string(IdOf(check_in.corrects())));
  if (check_in.measurement_case() == okr::checkins::v1::CheckIn::kValue) {
    stored.set_value(check_in.value());
  }
  if (check_in.has_milestones_done()) {
    stored.set_has_milestones(true);
    *stored.mutable_milestones_done() = check_in.milestones_done().ids();
  }
  if (check_in.has_confidence()) stored.set_confidence(check_in.confidence());
  stored.set_stated_status(check_in.stated_status().status());
  stored.set_stated_reason(check_in.stated_status().reason());
  stored.set_author(check_in.author());
  return stored;
}

}  // namespace

Commitment CommitmentOf(const ::okr::Objective& objective) {
  return CommitmentFrom(objective.commitment).value_or(Commitment::kAspirational);
}

Lifecycle LifecycleOf(const ::okr::Objective& objective) {
  if (objective.deleted()) return Lifecycle::kDeleted;
  switch (objective.state) {
    case ObjectiveState::kUnspecified:
    case ObjectiveState::kDraft:
    case ObjectiveState::kInReview:
      return Lifecycle::kDraft;
    case ObjectiveState::kActive:
    case ObjectiveState::kClosed:
      return Lifecycle::kActive;
    case ObjectiveState::kRetired:
      return Lifecycle::kRetired;
  }
  return Lifecycle::kDraft;
}

KeyResult DomainKeyResult(const ::okr::KeyResult& key_result) {
  return {.name = key_result.name.ToString(),
          .measure = std::visit([](const auto& kind) { return MeasureOf(kind); }, key_result.kind),
          .weight = WeightOf(key_result.weight),
          .commitment = CommitmentFrom(key_result.commitment),
          .lifecycle = LifecycleOf(key_result)};
}

Window WindowOf(const ::okr::Cycle& cycle, const ::okr::KeyResult& key_result,
                const absl::TimeZone& zone) {
  const CycleDays days{cycle.start_date, cycle.end_date};
  const auto window = ResolveWindow(days, key_result.start_date, key_result.due_date, zone);
  if (window.ok()) return *window;
  return {StartOfDay(days.first, zone), EndOfDay(days.last, zone)};
}

RollUp RollUpOf(const ::okr::Objective& objective, const ::okr::Organization& organization) {
  const ::okr::RollUp roll_up = objective.roll_up == ::okr::RollUp::kUnspecified
                                    ? organization.default_roll_up
                                    : objective.roll_up;
  return roll_up == ::okr::RollUp::kIncludeAligned ? RollUp::kIncludeAligned
                                                   : RollUp::kOwnKeyResults;
}

// There is one policy yet; a cycle that is not active is not pinned to any.
const Policy& PolicyOf(const ::okr::Cycle&) { return DefaultPolicy(); }

bool AddCheckIn(const okr::checkins::v1::CheckIn& check_in, stored::Measurements& measurements) {
  stored::StoredMeasurement stored = Stored(check_in);
  auto& all = *measurements.mutable_measurements();
  const auto at = std::lower_bound(
      all.begin(), all.end(), stored.check_in(),
      [](const stored::StoredMeasurement& a, const std::string& id) { return a.check_in() < id; });
  if (at != all.end() && at->check_in() == stored.check_in()) return false;
  const auto index = at - all.begin();
  all.Add(std::move(stored));
  std::rotate(all.begin() + index, all.end() - 1, all.end());
  return true;
}

bool SetDueTime(std::optional<absl::Time> due_time, ToldAt told,
                stored::Measurements& measurements) {
  if (std::tuple(told.epoch, told.position) <=
      std::tuple(measurements.due_epoch(), measurements.due_position())) {
    return false;
  }
  measurements.set_due_epoch(told.epoch);
  measurements.set_due_position(told.position);
  if (due_time) {
    measurements.set_due_time(absl::ToUnixMicros(*due_time));
  } else {
    measurements.clear_due_time();
  }
  return true;
}

std::vector<Measurement> DomainMeasurements(const std::string& key_result,
                                            const stored::Measurements& measurements) {
  std::vector<Measurement> all;
  all.reserve(measurements.measurements_size());
  for (const stored::StoredMeasurement& stored : measurements.measurements()) {
    Measurement& measurement = all.emplace_back();
    measurement.check_in = CheckInNameOf(key_result, stored.check_in());
    measurement.effective_time = absl::FromUnixMicros(stored.effective_time());
    measurement.create_time = absl::FromUnixMicros(stored.create_time());
    measurement.corrects = CheckInNameOf(key_result, stored.corrects());
    if (stored.has_value()) measurement.value = stored.value();
    if (stored.has_milestones()) {
      measurement.milestones_done.emplace(stored.milestones_done().begin(),
                                          stored.milestones_done().end());
    }
  }
  return all;
}

LastSaid LastSaidOf(const std::string& key_result, const stored::Measurements& measurements) {
  std::map<std::string, const stored::StoredMeasurement*> by_name;
  for (const stored::StoredMeasurement& stored : measurements.measurements()) {
    by_name[CheckInNameOf(key_result, stored.check_in())] = &stored;
  }
  LastSaid said;
  const stored::StoredMeasurement* last = nullptr;
  for (const Measurement& measurement :
       CountedMeasurements(DomainMeasurements(key_result, measurements), absl::InfiniteFuture())) {
    last = by_name.at(measurement.check_in);
    if (last->has_confidence()) said.confidence = last->confidence();
  }
  if (last != nullptr && last->stated_status() > 0) {
    said.stated_status = StatedStatus{.status = static_cast<Status>(last->stated_status() - 1),
                                      .reason = last->stated_reason(),
                                      .person = last->author(),
                                      .time = absl::FromUnixMicros(last->create_time())};
  }
  return said;
}

absl::StatusOr<Grade> DomainGrade(const v1::Grade& grade) {
  Grade domain{.not_applicable = grade.not_applicable(),
               .reason = grade.reason(),
               .lesson = grade.lesson(),
               .grader = grade.grader(),
               .time = FromTimestamp(grade.grade_time())};
  if (grade.kind_case() == v1::Grade::kScore) {
    OKR_ASSIGN_OR_RETURN(domain.value, Score::Make("grade.score", grade.score()));
  } else if (!grade.not_applicable()) {
    return InvalidFields(
        {{"grade", "says neither a score nor not_applicable; give exactly one of them"}});
  }
  return domain;
}

EvaluatedKeyResult EvaluatedFrom(const std::string& objective, const stored::KeyResultPart& part) {
  EvaluatedKeyResult evaluated{.name = absl::StrCat(objective, "/keyResults/", part.id()),
                               .weight = WeightOf(part.weight())};
  evaluated.progress.progress = Progress::Clamped(part.progress());
  evaluated.score.commitment = static_cast<Commitment>(part.commitment());
  evaluated.score.left_out = static_cast<LeftOut>(part.left_out());
  if (part.has_score()) evaluated.score.score = Score::Clamped(part.score());
  if (part.has_computed()) evaluated.score.computed = Score::Clamped(part.computed());
  if (part.graded()) evaluated.score.grade = Grade();
  evaluated.pace.status = static_cast<Status>(part.status());
  return evaluated;
}

stored::KeyResultPart StoredPart(const EvaluatedKeyResult& key_result) {
  stored::KeyResultPart part;
  part.set_id(std::string(IdOf(key_result.name)));
  part.set_weight(key_result.weight.value());
  part.set_progress(key_result.progress.progress.value());
  const KeyResultScore& score = key_result.score;
  if (score.score) part.set_score(score.score->value());
  if (score.computed) part.set_computed(score.computed->value());
  part.set_graded(score.grade.has_value());
  part.set_commitment(static_cast<int>(score.commitment));
  part.set_left_out(static_cast<int>(score.left_out));
  part.set_status(static_cast<int>(key_result.pace.status));
  return part;
}

AlignedPart DomainPart(absl::string_view organization, const stored::AlignedPart& part) {
  AlignedPart domain{.name = FullName(organization, part.name()),
                     .weight = WeightOf(part.weight()),
                     .lifecycle = static_cast<Lifecycle>(part.lifecycle()),
                     .carried_over = part.carried_over()};
  if (part.has_progress()) domain.progress = Progress::Clamped(part.progress());
  return domain;
}

}  // namespace okr::scoring
