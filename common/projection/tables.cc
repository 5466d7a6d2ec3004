#include "common/projection/tables.h"

#include <string>
#include <type_traits>
#include <vector>

#include "common/resources/messages.h"

namespace okr::projection {
namespace {

// Below the ranks of every service's own tables; cycles last, since they are locked.
enum Rank { kDirectory = 0, kGoals = 1, kCycles = 2 };

// As the consumer writes them, see events::RowOf: {lookup, cycle}.
template <typename Value>
std::vector<store::ColumnValue> ColumnsOf(const Value& value) {
  if constexpr (std::is_same_v<Value, Person>) return {value.subject, ""};
  if constexpr (std::is_same_v<Value, Objective> || std::is_same_v<Value, KeyResult>) {
    return {"", std::string(value.cycle.relative())};
  }
  return {"", ""};
}

template <typename Value, typename Message>
const store::Table<Value>& MakeTable(Rank rank, store::Lock lock) {
  return *new store::Table<Value>(
      {.name = "projection",
       .rank = rank,
       .columns = {{.name = "lookup", .sparse = true}, {.name = "cycle", .sparse = true}},
       .lock = lock},
      {.parse = [](absl::string_view body) -> absl::StatusOr<Value> {
         Message message;
         if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
           return absl::InternalError("a projected resource cannot be read");
         }
         return FromProto(message);
       },
       .serialize = [](const Value& value, int64_t) { return ToProto(value).SerializeAsString(); },
       .columns = [](const Value& value) { return ColumnsOf(value); }});
}

}  // namespace

const store::Table<Organization>& Organizations() {
  static const auto& table =
      MakeTable<Organization, directory::v1::Organization>(kDirectory, store::Lock::kRead);
  return table;
}

const store::Table<Person>& People() {
  static const auto& table =
      MakeTable<Person, directory::v1::Person>(kDirectory, store::Lock::kRead);
  return table;
}

const store::Table<Team>& Teams() {
  static const auto& table = MakeTable<Team, directory::v1::Team>(kDirectory, store::Lock::kRead);
  return table;
}

const store::Table<Cycle>& Cycles() {
  static const auto& table = MakeTable<Cycle, directory::v1::Cycle>(kCycles, store::Lock::kShare);
  return table;
}

const store::Table<Objective>& Objectives() {
  static const auto& table = MakeTable<Objective, goals::v1::Objective>(kGoals, store::Lock::kRead);
  return table;
}

const store::Table<KeyResult>& KeyResults() {
  static const auto& table = MakeTable<KeyResult, goals::v1::KeyResult>(kGoals, store::Lock::kRead);
  return table;
}

const access::Directory& Directory() {
  static const auto& directory = *new access::Directory{.people = People(), .teams = Teams()};
  return directory;
}

}  // namespace okr::projection
