#include "common/events/rpc_log_source.h"

#include <iterator>
#include <utility>

#include "absl/time/clock.h"
#include "common/status/macros.h"
#include "okr/events/v1/event_log_service.pb.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;

constexpr absl::Duration kPageTimeout = absl::Seconds(5);
constexpr absl::Duration kHeadTimeout = absl::Seconds(1);

LogPosition ToLogPosition(const v1::Position& position) {
  return {.epoch = position.epoch(), .position = position.position()};
}

}  // namespace

absl::StatusOr<LogSource::Page> RpcLogSource::ListEvents(int32_t shard, const LogPosition& after,
                                                         int limit) {
  v1::ListEventsRequest request;
  request.mutable_filter()->set_shard(shard);
  if (after.position > 0) *request.mutable_after() = ToProto("", shard, after);
  request.set_page_size(limit);
  auto response = rpc::CallUnary<v1::ListEventsRequest, v1::ListEventsResponse>(
      *channel_, "/okr.events.v1.EventLogService/ListEvents", request,
      {.deadline = absl::Now() + kPageTimeout});
  OKR_RETURN_IF_ERROR(response.status());
  Page page{.head = ToLogPosition(response->head())};
  std::move(response->mutable_events()->begin(), response->mutable_events()->end(),
            std::back_inserter(page.events));
  return page;
}

absl::StatusOr<LogPosition> RpcLogSource::GetHead(int32_t shard, const TraceContext& trace) {
  v1::GetHeadRequest request;
  request.mutable_filter()->set_shard(shard);
  const auto head = rpc::CallUnary<v1::GetHeadRequest, v1::Position>(
      *channel_, "/okr.events.v1.EventLogService/GetHead", request,
      {.deadline = absl::Now() + kHeadTimeout, .trace = trace});
  OKR_RETURN_IF_ERROR(head.status());
  return ToLogPosition(*head);
}

}  // namespace okr::events
