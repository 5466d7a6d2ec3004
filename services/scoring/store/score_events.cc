#include "services/scoring/store/score_events.h"

#include <utility>

#include "okr/events/v1/payloads.pb.h"
#include "services/scoring/store/tables.h"

namespace okr::scoring {
namespace {

namespace events = ::okr::events::v1;

// Explanations are most of a score: they are moved from message to message, not copied.
void MoveExplanations(v1::KeyResultScore& from, v1::KeyResultScore& to) {
  to.set_allocated_progress_explanation(from.release_progress_explanation());
  to.set_allocated_score_explanation(from.release_score_explanation());
  to.set_allocated_status_explanation(from.release_status_explanation());
}

void MoveExplanations(v1::ObjectiveScore& from, v1::ObjectiveScore& to) {
  to.set_allocated_progress_explanation(from.release_progress_explanation());
  to.set_allocated_score_explanation(from.release_score_explanation());
}

std::string NumbersOf(v1::KeyResultScore score) {
  score = WithoutExplanations(std::move(score));
  score.clear_update_time();
  score.clear_status();
  score.clear_expected();
  score.clear_attainment();
  score.clear_time_in_range();
  return score.SerializeAsString();
}

std::string NumbersOf(v1::ObjectiveScore score) {
  score = WithoutExplanations(std::move(score));
  score.clear_update_time();
  score.clear_status();
  return score.SerializeAsString();
}

// `score` is left as it was.
template <typename Score>
bool SameBesideTime(const Score& old, Score& score) {
  google::protobuf::Timestamp time = old.update_time();
  score.mutable_update_time()->Swap(&time);
  const bool same = score.SerializeAsString() == old.SerializeAsString();
  score.mutable_update_time()->Swap(&time);
  return same;
}

struct EventTypes {
  absl::string_view score;
  absl::string_view status;
};

template <typename Payload, typename Score>
void Store(store::View& view, const store::Table<Score>& table, const std::string& name,
           const std::string& full_name, const EventTypes& types, Score score, bool is_private) {
  const auto found = view.Find(table, name);
  const Score* stored = found.ok() ? found->value : nullptr;
  if (stored != nullptr && SameBesideTime(*stored, score)) return;
  Score explained;
  MoveExplanations(score, explained);
  const v1::Status before = stored == nullptr ? v1::STATUS_UNSPECIFIED : stored->status();
  const bool new_numbers = stored == nullptr || NumbersOf(*stored) != NumbersOf(score);
  const bool new_status = before != v1::STATUS_UNSPECIFIED && before != score.status();
  Payload payload;
  *payload.mutable_score() = score;
  MoveExplanations(explained, score);
  // Each event has a version of its own.
  if (new_numbers && new_status) {
    view.Emit(types.score, full_name, view.Put(table, name, score), payload, is_private);
  }
  const int64_t version = view.Put(table, name, std::move(score));
  if (new_status) {
    payload.set_previous_status(before);
    view.Emit(types.status, full_name, version, payload, is_private);
  } else if (new_numbers) {
    view.Emit(types.score, full_name, version, payload, is_private);
  }
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

void StoreScore(store::View& view, const std::string& name, v1::KeyResultScore score,
                bool is_private) {
  const std::string full_name = score.key_result();
  Store<events::KeyResultScoreEvent>(
      view, tables::KeyResultScores(), name, full_name,
      {"okr.scoring.v1.KeyResultScoreChanged", "okr.scoring.v1.KeyResultStatusChanged"},
      std::move(score), is_private);
}

void StoreScore(store::View& view, const std::string& name, v1::ObjectiveScore score,
                bool is_private) {
  const std::string full_name = score.objective();
  Store<events::ObjectiveScoreEvent>(
      view, tables::ObjectiveScores(), name, full_name,
      {"okr.scoring.v1.ObjectiveScoreChanged", "okr.scoring.v1.ObjectiveStatusChanged"},
      std::move(score), is_private);
}

}  // namespace okr::scoring
