#include "services/scoring/store/score_events.h"

#include "okr/events/v1/payloads.pb.h"
#include "services/scoring/store/tables.h"

namespace okr::scoring {
namespace {

namespace events = ::okr::events::v1;

template <typename Score>
bool SameBesideTime(Score a, Score b) {
  a.clear_update_time();
  b.clear_update_time();
  return a.SerializeAsString() == b.SerializeAsString();
}

v1::KeyResultScore NumbersOf(const v1::KeyResultScore& score) {
  v1::KeyResultScore numbers = WithoutExplanations(score);
  numbers.clear_update_time();
  numbers.clear_status();
  numbers.clear_expected();
  numbers.clear_attainment();
  numbers.clear_time_in_range();
  return numbers;
}

v1::ObjectiveScore NumbersOf(const v1::ObjectiveScore& score) {
  v1::ObjectiveScore numbers = WithoutExplanations(score);
  numbers.clear_update_time();
  numbers.clear_status();
  return numbers;
}

struct EventTypes {
  absl::string_view score;
  absl::string_view status;
};

template <typename Payload, typename Score>
void Store(store::View& view, const store::Table<Score>& table, const std::string& name,
           const std::string& full_name, const EventTypes& types, const Score& score,
           bool is_private) {
  const auto found = view.Find(table, name);
  const v1::Status before = found.ok() && *found ? found->value->status() : v1::STATUS_UNSPECIFIED;
  const Score* old = found.ok() ? found->value : nullptr;
  if (old != nullptr && SameBesideTime(*old, score)) return;
  const bool new_numbers =
      old == nullptr || NumbersOf(*old).SerializeAsString() != NumbersOf(score).SerializeAsString();
  const bool new_status = before != v1::STATUS_UNSPECIFIED && before != score.status();
  int64_t version = view.Put(table, name, score);
  Payload payload;
  *payload.mutable_score() = WithoutExplanations(score);
  if (new_numbers) view.Emit(types.score, full_name, version, payload, is_private);
  if (!new_status) return;
  // Each event has a version of its own.
  if (new_numbers) version = view.Put(table, name, score);
  payload.set_previous_status(before);
  view.Emit(types.status, full_name, version, payload, is_private);
}

}  // namespace

v1::KeyResultScore WithoutExplanations(v1::KeyResultScore score) {
  score.clear_progress_explanation();
  score.clear_score_explanation();
  score.clear_status_explanation();
  return score;
}

v1::ObjectiveScore WithoutExplanations(v1::ObjectiveScore score) {
  score.clear_progress_explanation();
  score.clear_score_explanation();
  return score;
}

void StoreScore(store::View& view, const std::string& name, const v1::KeyResultScore& score,
                bool is_private) {
  Store<events::KeyResultScoreEvent>(
      view, tables::KeyResultScores(), name, score.key_result(),
      {"okr.scoring.v1.KeyResultScoreChanged", "okr.scoring.v1.KeyResultStatusChanged"}, score,
      is_private);
}

void StoreScore(store::View& view, const std::string& name, const v1::ObjectiveScore& score,
                bool is_private) {
  Store<events::ObjectiveScoreEvent>(
      view, tables::ObjectiveScores(), name, score.objective(),
      {"okr.scoring.v1.ObjectiveScoreChanged", "okr.scoring.v1.ObjectiveStatusChanged"}, score,
      is_private);
}

}  // namespace okr::scoring
