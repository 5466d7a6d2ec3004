#include "services/scoring/store/tables.h"

#include <string>
#include <utility>
#include <vector>

#include "common/projection/tables.h"
#include "services/scoring/store/names.h"

namespace okr::scoring::tables {
namespace {

// Projections have 0 to 2.
enum Rank {
  kBooks = -1,
  kMeasurements = 10,
  kGrades,
  kKeyResultScores,
  kObjectiveParts,
  kObjectiveScores,
  kCycleStates
};

template <typename Message>
absl::StatusOr<Message> Read(absl::string_view body) {
  Message message;
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return absl::InternalError("a stored message of scoring cannot be read");
  }
  return message;
}

template <typename Message>
typename store::Table<Message>::Codec CodecOf() {
  return {.parse = Read<Message>,
          .serialize = [](const Message& message, int64_t) { return message.SerializeAsString(); }};
}

// The organization's book guards all other tables.
template <typename Message>
const store::Table<Message>& MakeTable(std::string name, Rank rank) {
  return *new store::Table<Message>(
      {.name = std::move(name), .rank = rank, .lock = store::Lock::kGuarded}, CodecOf<Message>());
}

}  // namespace

const store::Table<Book>& Books() {
  static const auto& table = *new store::Table<Book>(
      {.name = "score_books", .rank = kBooks},
      {.parse = [](absl::string_view) -> absl::StatusOr<Book> { return Book(); },
       .serialize = [](const Book&, int64_t) { return std::string(); }});
  return table;
}

const store::Table<stored::Measurements>& Measurements() {
  static const auto& table = MakeTable<stored::Measurements>("measurements", kMeasurements);
  return table;
}

const store::Table<v1::Grade>& Grades() {
  static const auto& table = MakeTable<v1::Grade>("grades", kGrades);
  return table;
}

const store::Table<v1::KeyResultScore>& KeyResultScores() {
  static const auto& table = MakeTable<v1::KeyResultScore>("key_result_scores", kKeyResultScores);
  return table;
}

const store::Table<stored::ObjectiveParts>& ObjectiveParts() {
  static const auto& table = MakeTable<stored::ObjectiveParts>("objective_parts", kObjectiveParts);
  return table;
}

const store::Table<v1::ObjectiveScore>& ObjectiveScores() {
  static const auto& table = []() -> const store::Table<v1::ObjectiveScore>& {
    auto codec = CodecOf<v1::ObjectiveScore>();
    codec.columns = [](const v1::ObjectiveScore& score) {
      return std::vector<store::ColumnValue>{RelativeName(score.cycle())};
    };
    return *new store::Table<v1::ObjectiveScore>({.name = "objective_scores",
                                                  .rank = kObjectiveScores,
                                                  .columns = {{.name = "cycle"}},
                                                  .lock = store::Lock::kGuarded},
                                                 std::move(codec));
  }();
  return table;
}

const store::Table<stored::CycleState>& CycleStates() {
  static const auto& table = MakeTable<stored::CycleState>("cycle_states", kCycleStates);
  return table;
}

}  // namespace okr::scoring::tables
