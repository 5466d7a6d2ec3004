#include "services/scoring/store/recompute.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/failpoint/failpoint.h"
#include "common/projection/tables.h"
#include "common/status/macros.h"
#include "services/scoring/store/facts.h"
#include "services/scoring/store/names.h"
#include "services/scoring/store/render.h"
#include "services/scoring/store/score_events.h"
#include "services/scoring/store/tables.h"

namespace okr::scoring {
namespace {

absl::Status NotLoaded() { return absl::InternalError("rows of scores are not loaded yet"); }

// Alignment is acyclic; this ends the walk should it ever not be.
constexpr int kMaxLevels = 1000;

// The member of a list in the order of names, made if it is not there.
template <typename List, typename GetName, typename SetName>
auto& Upsert(List& list, const std::string& name, GetName get_name, SetName set_name) {
  const auto at = std::lower_bound(
      list.begin(), list.end(), name,
      [&](const auto& item, const std::string& wanted) { return get_name(item) < wanted; });
  const auto index = at - list.begin();
  if (at == list.end() || get_name(*at) != name) {
    set_name(*list.Add(), name);
    std::rotate(list.begin() + index, list.end() - 1, list.end());
  }
  return list[static_cast<int>(index)];
}

stored::KeyResultPart& KeyResultIn(stored::ObjectiveParts& parts, const std::string& id) {
  return Upsert(
      *parts.mutable_key_results(), id, [](const auto& part) { return part.id(); },
      [](auto& part, const std::string& name) { part.set_id(name); });
}

stored::AlignedPart& AlignedIn(stored::ObjectiveParts& parts, const std::string& child) {
  return Upsert(
      *parts.mutable_aligned(), child, [](const auto& part) { return part.name(); },
      [](auto& part, const std::string& name) { part.set_name(name); });
}

void RemoveAligned(stored::ObjectiveParts& parts, const std::string& child) {
  auto& aligned = *parts.mutable_aligned();
  const auto at = std::find_if(aligned.begin(), aligned.end(),
                               [&](const auto& part) { return part.name() == child; });
  if (at != aligned.end()) aligned.erase(at);
}

// The objectives that this one is aligned to, with weights; alignment to a key result moves no
// number.
std::map<std::string, double> ParentsOf(const ::okr::Objective& objective) {
  std::map<std::string, double> parents;
  for (const ::okr::Alignment& alignment : objective.alignments) {
    if (!alignment.to_objective()) continue;
    parents[std::string(alignment.parent_objective().relative())] = alignment.weight.value_or(1.0);
  }
  return parents;
}

class Recomputation {
 public:
  Recomputation(store::View& view, absl::string_view organization, const Touched& touched)
      : view_(view), organization_(organization), touched_(touched) {}

  absl::Status Run() {
    if (!Load()) return NotLoaded();
    for (const std::string& name : touched_.objectives) Relink(name);
    for (const std::string& name : key_results_) OKR_RETURN_IF_ERROR(Evaluate(name));
    Propagate();
    return Write();
  }

 private:
  // What is known of the cycle that something lies in.
  struct CycleView {
    const ::okr::Cycle* cycle = nullptr;
    bool sealed = false;
    bool scored = false;

    ScoreState state() const {
      return sealed && cycle->state == ::okr::CycleState::kClosed ? ScoreState::kFinal
                                                                  : ScoreState::kProvisional;
    }
  };

  // The row; null if there is none or it is not loaded yet, which the view knows.
  template <typename T>
  const T* Row(const store::Table<T>& table, absl::string_view name) {
    const auto found = view_.Find(table, name);
    return found.ok() ? found->value : nullptr;
  }
  const ::okr::Objective* ObjectiveRow(const std::string& name) {
    return Row(projection::Objectives(), name);
  }

  CycleView CycleOf(const ::okr::Objective& objective) {
    const absl::string_view name = objective.cycle.relative();
    CycleView view{.cycle = Row(projection::Cycles(), name)};
    if (const auto* state = Row(tables::CycleStates(), name)) {
      view.sealed = state->sealed();
      view.scored = state->scored();
    }
    if (failpoint::Planted(failpoint::Fault::kSealIgnored)) view.sealed = true;
    return view;
  }
  bool IncludesAligned(const ::okr::Objective& objective) const {
    return book_ != nullptr && RollUpOf(objective, *book_) == RollUp::kIncludeAligned;
  }

  bool Load();
  void LoadKeyResult(const std::string& name);
  void LoadObjective(const std::string& name, bool seed);
  void LoadChildren(const stored::ObjectiveParts& parts);
  void Enter(const std::string& name, bool seed);

  void Relink(const std::string& name);
  void RefreshChildren(stored::ObjectiveParts& parts);
  bool FillAligned(const std::string& child, stored::AlignedPart& part);
  absl::Status Evaluate(const std::string& name);
  std::optional<CheckInDue> NextCheckIn(const ::okr::Cycle& cycle,
                                        const ::okr::Objective& objective,
                                        const KeyResult& key_result,
                                        const stored::Measurements& measurements) const;
  void Propagate();
  void Compute(const std::string& name);
  void TellParents(const std::string& name, std::set<std::string>& next);
  // Whether not everybody may see the scores: those of a person's objective are the person's.
  bool IsPrivate(const std::string& objective) {
    const ::okr::Objective* row = ObjectiveRow(objective);
    return row == nullptr || row->visibility == Visibility::kPrivate ||
           row->owner.person() != nullptr;
  }
  bool KnowsAllThatChanges();
  absl::Status Write();

  // The parts of an objective, to be changed.
  stored::ObjectiveParts& Parts(const std::string& name) {
    const auto [at, fresh] = parts_.try_emplace(name);
    if (fresh) {
      if (const auto* row = Row(tables::ObjectiveParts(), name)) at->second = *row;
    }
    return at->second;
  }

  store::View& view_;
  const std::string organization_;
  const Touched& touched_;

  const ::okr::Organization* book_ = nullptr;
  std::set<std::string> key_results_;    // To be evaluated.
  std::map<std::string, bool> entered_;  // Objectives that were or will be loaded: seed or not.
  std::deque<std::string> to_load_;

  std::map<std::string, stored::ObjectiveParts> parts_;
  std::set<std::string> dirty_;  // Objectives to be computed.
  std::map<std::string, v1::KeyResultScore> key_result_scores_;
  std::map<std::string, v1::ObjectiveScore> objective_scores_;
};

// Asks for all that can be known to be needed, so that few rounds do. False while rows are missing.
bool Recomputation::Load() {
  Row(tables::Books(), "");
  book_ = Row(projection::Organizations(), "");
  for (const std::string& name : touched_.key_results) {
    LoadKeyResult(name);
    Enter(ObjectiveOf(name), true);
  }
  for (const std::string& name : touched_.objectives) Enter(name, true);
  while (!to_load_.empty()) {
    const std::string name = std::move(to_load_.front());
    to_load_.pop_front();
    LoadObjective(name, entered_.at(name));
  }
  return !view_.misses_rows();
}

void Recomputation::LoadKeyResult(const std::string& name) {
  key_results_.insert(name);
  Row(projection::KeyResults(), name);
  Row(tables::Measurements(), name);
  Row(tables::Grades(), name);
  Row(tables::KeyResultScores(), name);
}

void Recomputation::Enter(const std::string& name, bool seed) {
  const auto [at, fresh] = entered_.try_emplace(name, seed);
  if (!fresh && (at->second || !seed)) return;
  at->second = seed;
  to_load_.push_back(name);
}

void Recomputation::LoadObjective(const std::string& name, bool seed) {
  const ::okr::Objective* objective = ObjectiveRow(name);
  const auto* parts = Row(tables::ObjectiveParts(), name);
  Row(tables::ObjectiveScores(), name);
  if (objective != nullptr) CycleOf(*objective);
  const bool touched = touched_.objectives.contains(name);
  const bool includes = objective != nullptr && IncludesAligned(*objective);
  if (touched && objective != nullptr) {
    for (const auto& [parent, weight] : ParentsOf(*objective)) Enter(parent, false);
  }
  if (parts == nullptr) return;
  if (touched) {
    for (const stored::KeyResultPart& part : parts->key_results()) {
      LoadKeyResult(absl::StrCat(name, "/keyResults/", part.id()));
    }
    if (includes) LoadChildren(*parts);
  }
  // The progress of an objective that does not include its children does not follow theirs.
  if (!seed && !includes) return;
  for (const stored::Parent& parent : parts->parents()) Enter(parent.name(), false);
}

void Recomputation::LoadChildren(const stored::ObjectiveParts& parts) {
  for (const stored::AlignedPart& child : parts.aligned()) {
    ObjectiveRow(child.name());
    Row(tables::ObjectiveScores(), child.name());
  }
}

// Brings both ends of the objective's alignment to what the objective says.
void Recomputation::Relink(const std::string& name) {
  const ::okr::Objective* objective = ObjectiveRow(name);
  if (objective == nullptr) return;
  dirty_.insert(name);
  stored::ObjectiveParts& parts = Parts(name);
  const std::map<std::string, double> wanted = ParentsOf(*objective);
  for (const stored::Parent& parent : parts.parents()) {
    if (wanted.contains(parent.name())) continue;
    RemoveAligned(Parts(parent.name()), name);
    dirty_.insert(parent.name());
  }
  parts.clear_parents();
  for (const auto& [parent, weight] : wanted) {
    stored::Parent& added = *parts.add_parents();
    added.set_name(parent);
    added.set_weight(weight);
    stored::AlignedPart& part = AlignedIn(Parts(parent), name);
    const bool moved = part.weight() != weight;
    part.set_weight(weight);
    if (FillAligned(name, part) || moved) dirty_.insert(parent);
  }
  if (IncludesAligned(*objective)) RefreshChildren(parts);
}

// While an objective did not include its children, their progress was not kept here.
void Recomputation::RefreshChildren(stored::ObjectiveParts& parts) {
  for (stored::AlignedPart& part : *parts.mutable_aligned()) FillAligned(part.name(), part);
}

// What a parent shows of `child`, by its latest score. False if nothing changed.
bool Recomputation::FillAligned(const std::string& child, stored::AlignedPart& part) {
  const ::okr::Objective* objective = ObjectiveRow(child);
  if (objective == nullptr) return false;
  stored::AlignedPart fresh = part;
  fresh.set_lifecycle(static_cast<int>(LifecycleOf(*objective)));
  fresh.set_carried_over(objective->superseded_by.has_value());
  const auto computed = objective_scores_.find(child);
  const v1::ObjectiveScore* score = computed != objective_scores_.end()
                                        ? &computed->second
                                        : Row(tables::ObjectiveScores(), child);
  fresh.clear_progress();
  if (score != nullptr && score->has_progress()) fresh.set_progress(score->progress());
  if (fresh.SerializeAsString() == part.SerializeAsString()) return false;
  part = std::move(fresh);
  return true;
}

std::optional<CheckInDue> Recomputation::NextCheckIn(
    const ::okr::Cycle& cycle, const ::okr::Objective& objective, const KeyResult& key_result,
    const stored::Measurements& measurements) const {
  const bool expected = cycle.state == ::okr::CycleState::kActive && !objective.deleted() &&
                        objective.state == ObjectiveState::kActive &&
                        key_result.lifecycle == Lifecycle::kActive && measurements.has_due_time();
  if (!expected) return std::nullopt;
  return CheckInDue{.due = absl::FromUnixMicros(measurements.due_time()),
                    .grace = cycle.schedule.grace};
}

absl::Status Recomputation::Evaluate(const std::string& name) {
  const ::okr::KeyResult* key_result = Row(projection::KeyResults(), name);
  const ::okr::Objective* objective = ObjectiveRow(ObjectiveOf(name));
  if (key_result == nullptr || objective == nullptr || book_ == nullptr) return absl::OkStatus();
  const CycleView cycle = CycleOf(*objective);
  if (cycle.cycle == nullptr || cycle.scored) return absl::OkStatus();

  static const stored::Measurements& no_measurements = *new stored::Measurements;
  const auto* row = Row(tables::Measurements(), name);
  const stored::Measurements& measurements = row == nullptr ? no_measurements : *row;
  KeyResultFacts facts{.key_result = DomainKeyResult(*key_result),
                       .window = WindowOf(*cycle.cycle, *key_result, ZoneOf(*book_))};
  const std::string& full_name = facts.key_result.name;
  facts.measurements = DomainMeasurements(full_name, measurements);
  const LastSaid said = LastSaidOf(full_name, measurements);
  facts.stated_status = said.stated_status;
  facts.next_check_in = NextCheckIn(*cycle.cycle, *objective, facts.key_result, measurements);
  std::optional<v1::Grade> grade;
  if (const v1::Grade* graded = Row(tables::Grades(), name)) {
    grade = *graded;
    OKR_ASSIGN_OR_RETURN(facts.grade, DomainGrade(*graded));
  }
  const Policy& policy = PolicyOf(*cycle.cycle);
  const EvaluatedKeyResult evaluated =
      EvaluateKeyResult(policy, facts, CommitmentOf(*objective), cycle.state(), view_.now());
  const std::string objective_name = ObjectiveOf(name);
  KeyResultIn(Parts(objective_name), std::string(IdOf(name))) = StoredPart(evaluated);
  dirty_.insert(objective_name);
  key_result_scores_[name] =
      Render(policy, evaluated, said, grade, objective->cycle.ToString(), view_.now());
  return absl::OkStatus();
}

// Level by level: after its last child an objective is computed once more.
void Recomputation::Propagate() {
  std::set<std::string> level = dirty_;
  for (int i = 0; i < kMaxLevels && !level.empty(); ++i) {
    std::set<std::string> next;
    for (const std::string& name : level) Compute(name);
    for (const std::string& name : level) TellParents(name, next);
    level = std::move(next);
  }
}

void Recomputation::Compute(const std::string& name) {
  const ::okr::Objective* objective = ObjectiveRow(name);
  if (objective == nullptr || book_ == nullptr) return;
  const CycleView cycle = CycleOf(*objective);
  if (cycle.cycle == nullptr || cycle.scored) return;
  const std::string& full_name = objective->name.ToString();
  const stored::ObjectiveParts& parts = Parts(name);
  std::vector<EvaluatedKeyResult> key_results;
  for (const stored::KeyResultPart& part : parts.key_results()) {
    key_results.push_back(EvaluatedFrom(full_name, part));
  }
  std::vector<AlignedPart> aligned;
  for (const stored::AlignedPart& part : parts.aligned()) {
    aligned.push_back(DomainPart(organization_, part));
  }
  const Policy& policy = PolicyOf(*cycle.cycle);
  const Commitment commitment = CommitmentOf(*objective);
  const EvaluatedObjective evaluated =
      EvaluateObjective(policy, full_name, commitment, key_results, RollUpOf(*objective, *book_),
                        aligned, cycle.state());
  objective_scores_[name] =
      Render(policy, evaluated, full_name, commitment, objective->cycle.ToString(), view_.now());
}

void Recomputation::TellParents(const std::string& name, std::set<std::string>& next) {
  for (const stored::Parent& link : Parts(name).parents()) {
    const ::okr::Objective* parent = ObjectiveRow(link.name());
    if (parent == nullptr || !IncludesAligned(*parent)) continue;
    stored::AlignedPart& part = AlignedIn(Parts(link.name()), name);
    part.set_weight(link.weight());
    if (FillAligned(name, part)) next.insert(link.name());
  }
}

// A walk that went further than was foreseen has met rows that must be loaded first.
bool Recomputation::KnowsAllThatChanges() {
  for (const auto& [name, parts] : parts_) Row(tables::ObjectiveParts(), name);
  for (const auto& [name, score] : key_result_scores_) Row(tables::KeyResultScores(), name);
  for (const auto& [name, score] : objective_scores_) Row(tables::ObjectiveScores(), name);
  return !view_.misses_rows();
}

absl::Status Recomputation::Write() {
  if (!KnowsAllThatChanges()) return NotLoaded();
  for (auto& [name, parts] : parts_) {
    const auto* stored = Row(tables::ObjectiveParts(), name);
    if (stored != nullptr && stored->SerializeAsString() == parts.SerializeAsString()) continue;
    view_.Put(tables::ObjectiveParts(), name, std::move(parts));
  }
  for (auto& [name, score] : key_result_scores_) {
    StoreScore(view_, name, std::move(score), IsPrivate(ObjectiveOf(name)));
  }
  for (auto& [name, score] : objective_scores_) {
    StoreScore(view_, name, std::move(score), IsPrivate(name));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Recompute(store::View& view, absl::string_view organization, const Touched& touched) {
  return Recomputation(view, organization, touched).Run();
}

}  // namespace okr::scoring
