#include "common/events/log_reading.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/events/statements.h"
#include "common/ids/uuid.h"
#include "common/status/macros.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;

enum Column {
  kPosition,
  kEpoch,
  kEventId,
  kOrganizationId,
  kType,
  kSubject,
  kSubjectVersion,
  kEventTime,
  kActor,
  kRequestId,
  kTraceparent,
  kPrivate,
  kData,
};

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  google::protobuf::Timestamp timestamp;
  const int64_t seconds = absl::ToUnixSeconds(time);  // Rounds down, also before 1970.
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>((micros - seconds * 1'000'000) * 1'000));
  return timestamp;
}

LogPosition HeadFromRow(const postgres::Result& result, int row) {
  return {.epoch = result.GetInt64(row, 1), .position = result.GetInt64(row, 2)};
}

}  // namespace

int64_t LogState::EpochOf(int64_t position) const {
  int64_t epoch = epochs.empty() ? head.epoch : epochs.front().epoch;
  for (const Epoch& candidate : epochs) {
    if (candidate.first_position <= position) epoch = candidate.epoch;
  }
  return epoch;
}

bool LogState::Knows(const LogPosition& at) const {
  if (at.position < 0 || at.position > head.position) return false;
  if (at.position == 0) return at.epoch == 0 || EpochOf(0) == at.epoch;
  return EpochOf(at.position) == at.epoch;
}

absl::StatusOr<v1::Event> EventFromRow(const postgres::Result& result, int row,
                                       absl::string_view source, int32_t shard) {
  v1::Event event;
  const LogPosition at{.epoch = result.GetInt64(row, kEpoch),
                       .position = result.GetInt64(row, kPosition)};
  event.set_id(Uuid(result.GetUuid(row, kEventId)).ToString());
  *event.mutable_position() = ToProto(source, shard, at);
  event.set_type(std::string(result.GetText(row, kType)));
  event.set_organization(absl::StrCat("organizations/", result.GetText(row, kOrganizationId)));
  event.set_subject(std::string(result.GetText(row, kSubject)));
  event.set_subject_version(result.GetInt64(row, kSubjectVersion));
  *event.mutable_time() = ToTimestamp(result.GetTime(row, kEventTime));
  event.set_actor(std::string(result.GetText(row, kActor)));
  event.set_request_id(std::string(result.GetText(row, kRequestId)));
  event.set_traceparent(std::string(result.GetText(row, kTraceparent)));
  event.set_private_(result.GetBool(row, kPrivate));
  const absl::string_view data = result.GetBytes(row, kData);
  if (!event.mutable_data()->ParseFromArray(data.data(), static_cast<int>(data.size()))) {
    return absl::DataLossError(absl::StrCat("the payload of event ", event.id(), " at ", source,
                                            " shard ", shard, " position ", at.position,
                                            " is no google.protobuf.Any"));
  }
  return event;
}

absl::StatusOr<std::vector<v1::Event>> ReadLog(postgres::Connection& connection,
                                               absl::string_view source, const LogQuery& query,
                                               absl::Time deadline) {
  OKR_ASSIGN_OR_RETURN(const postgres::Result result,
                       connection.Execute(kReadLog,
                                          postgres::Params()
                                              .Int32(query.shard)
                                              .Int64(query.after)
                                              .Int64(query.until)
                                              .Text(query.organization_id)
                                              .TextArray(query.types)
                                              .Text(query.subject_prefix)
                                              .Int64(query.limit),
                                          deadline));
  std::vector<v1::Event> events;
  events.reserve(result.rows());
  for (int row = 0; row < result.rows(); ++row) {
    OKR_ASSIGN_OR_RETURN(v1::Event event, EventFromRow(result, row, source, query.shard));
    events.push_back(std::move(event));
  }
  return events;
}

absl::StatusOr<std::map<int32_t, LogPosition>> ReadHeads(postgres::Connection& connection,
                                                         absl::Time deadline) {
  OKR_ASSIGN_OR_RETURN(const postgres::Result result, connection.Execute(kReadHeads, {}, deadline));
  std::map<int32_t, LogPosition> heads;
  for (int row = 0; row < result.rows(); ++row) {
    heads[result.GetInt32(row, 0)] = HeadFromRow(result, row);
  }
  return heads;
}

absl::StatusOr<LogStates> ReadLogStates(postgres::Connection& connection, absl::Time deadline) {
  if (connection.has_queued()) return absl::InternalError("other statements are queued");
  // Epochs last: a head may only be older than what is known of its epoch.
  const size_t heads = connection.Enqueue(kReadHeads);
  const size_t epochs = connection.Enqueue(kReadEpochs);
  OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results, connection.Flush(deadline));
  LogStates states;
  for (int row = 0; row < results[heads].rows(); ++row) {
    states[results[heads].GetInt32(row, 0)].head = HeadFromRow(results[heads], row);
  }
  for (int row = 0; row < results[epochs].rows(); ++row) {
    states[results[epochs].GetInt32(row, 0)].epochs.push_back(
        {.epoch = results[epochs].GetInt64(row, 1),
         .first_position = results[epochs].GetInt64(row, 2)});
  }
  return states;
}

}  // namespace okr::events
