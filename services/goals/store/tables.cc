#include "services/goals/store/tables.h"

#include <string>
#include <utility>
#include <vector>

#include "common/resources/messages.h"
#include "common/store/etag.h"

namespace okr::goals::tables {
namespace {

using store::Column;
using store::ColumnType;
using store::ColumnValue;
using store::Lock;

// A write finds the cycle by its objective, so cycles come behind: then writes of several replicas
// take their locks in one order.
enum Rank {
  kGraphLocks = 1,
  kOrganizations,
  kPeople,
  kTeams,
  kObjectives,
  kKeyResults,
  kCycles,
  kScoreSummaries
};

std::vector<ColumnValue> ColumnsOf(const Organization&) { return {}; }
std::vector<ColumnValue> ColumnsOf(const Person& person) { return {person.subject}; }
std::vector<ColumnValue> ColumnsOf(const Team& team) {
  return {team.parent ? std::string(team.parent->relative()) : "",
          int64_t{team.times.delete_time.has_value()}};
}
std::vector<ColumnValue> ColumnsOf(const Cycle& cycle) {
  return {cycle.parent ? std::string(cycle.parent->relative()) : ""};
}
std::vector<ColumnValue> ColumnsOf(const Objective& objective) {
  return {std::string(objective.cycle.relative()), objective.owner.relative(),
          static_cast<int64_t>(objective.state), int64_t{objective.deleted()}};
}
std::vector<ColumnValue> ColumnsOf(const KeyResult& key_result) {
  return {std::string(key_result.name.objective().relative()),
          std::string(key_result.cycle.relative()), key_result.owner.relative(),
          int64_t{key_result.deleted()}};
}

template <typename Message>
absl::StatusOr<Message> Read(absl::string_view body) {
  Message message;
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return absl::InternalError("a stored resource cannot be read");
  }
  return message;
}

template <typename Value, typename Message>
absl::StatusOr<Value> ReadValue(absl::string_view body) {
  absl::StatusOr<Message> message = Read<Message>(body);
  if (!message.ok()) return message.status();
  return FromProto(*message);
}

// Bodies are the public message with its etag.
template <typename Value, typename Message>
const store::Table<Value>& MakeTable(const char* name, Rank rank, std::vector<Column> columns,
                                     Lock lock = Lock::kUpdate) {
  return *new store::Table<Value>(
      {.name = name, .rank = rank, .columns = std::move(columns), .lock = lock},
      {.parse = ReadValue<Value, Message>,
       .serialize =
           [](const Value& value, int64_t version) {
             Message message = ToProto(value);
             message.set_etag(store::Etag(version));
             return message.SerializeAsString();
           },
       .columns = [](const Value& value) { return ColumnsOf(value); }});
}

Column Text(const char* name) { return {.name = name, .type = ColumnType::kText}; }
Column Number(const char* name) { return {.name = name, .type = ColumnType::kInt64}; }

const store::Table<Person>& MakePeople(Lock lock) {
  return MakeTable<Person, directory::v1::Person>("people", kPeople, {Text("lookup")}, lock);
}

const store::Table<Team>& MakeTeams(Lock lock) {
  return MakeTable<Team, directory::v1::Team>("teams", kTeams, {Text("parent"), Number("deleted")},
                                              lock);
}

}  // namespace

const store::Table<GraphLock>& GraphLocks() {
  static const auto& table = *new store::Table<GraphLock>(
      {.name = "alignment_locks", .rank = kGraphLocks},
      {.parse = [](absl::string_view) { return GraphLock{}; },
       .serialize = [](const GraphLock&, int64_t) { return std::string(); }});
  return table;
}

const store::Table<Organization>& Organizations() {
  static const auto& table =
      MakeTable<Organization, directory::v1::Organization>("organizations", kOrganizations, {});
  return table;
}

const store::Table<Person>& People() {
  static const auto& table = MakePeople(Lock::kUpdate);
  return table;
}

const store::Table<Person>& PeopleSeen() {
  static const auto& table = MakePeople(Lock::kRead);
  return table;
}

const store::Table<Team>& Teams() {
  static const auto& table = MakeTeams(Lock::kUpdate);
  return table;
}

const store::Table<Team>& TeamsSeen() {
  static const auto& table = MakeTeams(Lock::kRead);
  return table;
}

const store::Table<Cycle>& Cycles() {
  static const auto& table =
      MakeTable<Cycle, directory::v1::Cycle>("cycles", kCycles, {Text("parent")});
  return table;
}

const store::Table<Objective>& Objectives() {
  static const auto& table = MakeTable<Objective, v1::Objective>(
      "objectives", kObjectives,
      {Text("cycle"), Text("owner"), Number("state"), Number("deleted")});
  return table;
}

const store::Table<KeyResult>& KeyResults() {
  static const auto& table = MakeTable<KeyResult, v1::KeyResult>(
      "key_results", kKeyResults,
      {Text("objective"), Text("cycle"), Text("owner"), Number("deleted")});
  return table;
}

const store::Table<v1::ScoreSummary>& ScoreSummaries() {
  static const auto& table = *new store::Table<v1::ScoreSummary>(
      {.name = "score_summaries", .rank = kScoreSummaries, .lock = Lock::kRead},
      {.parse = Read<v1::ScoreSummary>, .serialize = [](const v1::ScoreSummary& summary, int64_t) {
         return summary.SerializeAsString();
       }});
  return table;
}

const access::Directory& DirectorySeen() {
  static const auto& directory = *new access::Directory{PeopleSeen(), TeamsSeen()};
  return directory;
}

}  // namespace okr::goals::tables
