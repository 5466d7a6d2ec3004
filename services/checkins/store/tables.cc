#include "services/checkins/store/tables.h"

#include <limits>
#include <utility>
#include <vector>

#include "services/checkins/store/messages.h"
#include "services/checkins/store/stored.pb.h"

namespace okr::checkins {
namespace {

using store::ColumnType;
using store::ColumnValue;

// The projections lie between.
enum Rank { kDueStates = -1, kCheckIns = 10, kCorrections = 11 };

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

int64_t ToColumn(const std::optional<absl::Time>& time) {
  return time ? absl::ToUnixMicros(*time) : kNever;
}

template <typename Message>
absl::StatusOr<Message> Read(absl::string_view body) {
  Message message;
  if (message.ParseFromArray(body.data(), static_cast<int>(body.size()))) return message;
  return absl::InternalError("a stored row cannot be read");
}

absl::StatusOr<DueRow> ReadDueRow(absl::string_view body) {
  const auto message = Read<stored::DueState>(body);
  if (!message.ok()) return message.status();
  DueRow row{.cycle = message->cycle(), .owner = message->owner()};
  row.state.is_tracked = message->is_tracked();
  row.state.has_check_ins = message->has_check_ins();
  if (message->has_satisfied_time()) {
    row.state.satisfied_time = absl::FromUnixMicros(message->satisfied_time());
  }
  if (message->has_due_time()) row.state.due_time = absl::FromUnixMicros(message->due_time());
  row.state.grace = absl::Microseconds(message->grace());
  row.state.stage = static_cast<DueStage>(message->stage());
  return row;
}

std::string WriteDueRow(const DueRow& row, int64_t) {
  stored::DueState message;
  message.set_is_tracked(row.state.is_tracked);
  message.set_has_check_ins(row.state.has_check_ins);
  if (row.state.satisfied_time != absl::InfinitePast()) {
    message.set_satisfied_time(absl::ToUnixMicros(row.state.satisfied_time));
  }
  if (row.state.due_time) message.set_due_time(absl::ToUnixMicros(*row.state.due_time));
  message.set_grace(absl::ToInt64Microseconds(row.state.grace));
  message.set_stage(static_cast<int32_t>(row.state.stage));
  message.set_cycle(row.cycle);
  message.set_owner(row.owner);
  return message.SerializeAsString();
}

absl::StatusOr<CheckIn> ReadCheckIn(absl::string_view body) {
  const auto message = Read<v1::CheckIn>(body);
  if (!message.ok()) return message.status();
  return FromProto(*message);
}

std::string WriteCheckIn(const CheckIn& check_in, int64_t) {
  v1::CheckIn message;
  ToProto(check_in, &message);
  return message.SerializeAsString();
}

}  // namespace

const store::Table<DueRow>& DueStates() {
  static const auto& table = *new store::Table<DueRow>(
      {.name = "due_states",
       .rank = kDueStates,
       .columns = {{.name = "cycle"},
                   {.name = "owner"},
                   {.name = "due_time", .type = ColumnType::kInt64},
                   {.name = "fire_time", .type = ColumnType::kInt64}}},
      {.parse = ReadDueRow, .serialize = WriteDueRow, .columns = [](const DueRow& row) {
         return std::vector<ColumnValue>{row.cycle, row.owner, ToColumn(row.state.due_time),
                                         ToColumn(row.state.fire_time())};
       }});
  return table;
}

const store::Table<CheckIn>& CheckIns() {
  static const auto& table = *new store::Table<CheckIn>(
      {.name = "check_ins",
       .rank = kCheckIns,
       .columns = {{.name = "key_result"},
                   {.name = "effective_time", .type = ColumnType::kInt64},
                   {.name = "create_time", .type = ColumnType::kInt64}}},
      {.parse = ReadCheckIn, .serialize = WriteCheckIn, .columns = [](const CheckIn& check_in) {
         return std::vector<ColumnValue>{std::string(check_in.name.key_result().relative()),
                                         absl::ToUnixMicros(check_in.effective_time),
                                         absl::ToUnixMicros(check_in.create_time)};
       }});
  return table;
}

const store::Table<CheckInName>& Corrections() {
  static const auto& table = *new store::Table<CheckInName>(
      {.name = "corrections", .rank = kCorrections},
      {.parse = [](absl::string_view body) { return CheckInName::Parse(body); },
       .serialize = [](const CheckInName& name, int64_t) { return name.ToString(); }});
  return table;
}

}  // namespace okr::checkins
