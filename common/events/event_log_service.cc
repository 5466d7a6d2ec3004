#include "common/events/event_log_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/event_filter.h"
#include "common/events/log_reading.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;
// Positions that one page looks at, most of which a filter may refuse.
constexpr int64_t kPageSpan = 10'000;
// Well below what a client takes in one message.
constexpr size_t kPageBytes = 2 << 20;
constexpr absl::Duration kReadBudget = absl::Seconds(5);

std::optional<LogPosition> AfterOf(bool is_set, const v1::Position& after) {
  if (!is_set) return std::nullopt;
  return LogPosition{.epoch = after.epoch(), .position = after.position()};
}

absl::StatusOr<int> PageSizeOf(const v1::ListEventsRequest& request) {
  if (request.page_size() < 0) {
    return InvalidFields({{"page_size", "must not be negative"}});
  }
  return request.page_size() == 0 ? kDefaultPageSize : std::min(request.page_size(), kMaxPageSize);
}

std::string ResumeAfter(const Position& position) {
  return rpc::FormatConsistencyTokens({{.source = position.source,
                                        .epoch = position.epoch,
                                        .shard = static_cast<uint32_t>(position.shard),
                                        .position = position.position}});
}

absl::Time BudgetOf(const rpc::Call& call) {
  return std::min(call.deadline, absl::Now() + kReadBudget);
}

// One page, and where the next one begins.
absl::StatusOr<v1::ListEventsResponse> ReadPage(postgres::Connection& connection,
                                                const LogFeed& feed, const LogFilter& filter,
                                                const std::optional<LogPosition>& after, int limit,
                                                absl::Time deadline) {
  OKR_ASSIGN_OR_RETURN(const LogStates states, ReadLogStates(connection, deadline));
  OKR_ASSIGN_OR_RETURN(const int32_t shard, FindShard(filter, states));
  const LogState& log = states.at(shard);
  if (after && !log.Knows(*after)) return PositionUnknown(*after, log);
  const int64_t begin = after ? after->position : 0;
  const int64_t until = std::min(log.head.position, begin + kPageSpan);
  OKR_ASSIGN_OR_RETURN(std::vector<v1::Event> events,
                       ReadLog(connection, feed.source(),
                               {.shard = shard,
                                .after = begin,
                                .until = until,
                                .limit = limit,
                                .organization_id = filter.organization_id,
                                .types = filter.types,
                                .subject_prefix = filter.subject_prefix},
                               deadline));
  const bool full = static_cast<int>(events.size()) == limit;
  LogPosition last = full ? PositionOf(events.back()) : log.At(until);
  v1::ListEventsResponse response;
  size_t bytes = 0;
  for (v1::Event& event : events) {
    if (filter.accepts && !filter.accepts(event)) continue;
    bytes += event.ByteSizeLong();
    if (bytes > kPageBytes && response.events_size() > 0) {
      last = PositionOf(*response.events().rbegin());
      break;
    }
    *response.add_events() = std::move(event);
  }
  *response.mutable_last() = ToProto(feed.source(), shard, last);
  *response.mutable_head() = ToProto(feed.source(), shard, log.At(log.head.position));
  return response;
}

}  // namespace

EventLogService::EventLogService(LogFeed& feed, MayRead may_read)
    : feed_(feed), may_read_(std::move(may_read)) {}

void EventLogService::RegisterOn(rpc::Service& service) {
  service.Async<v1::ListEventsRequest, v1::ListEventsResponse>(
      "ListEvents", [this](const std::shared_ptr<ListCall>& call) { ListEvents(call); });
  service.Async<v1::GetHeadRequest, v1::Position>(
      "GetHead", [this](const std::shared_ptr<HeadCall>& call) { GetHead(call); });
  service.Stream<v1::SubscribeRequest, v1::SubscribeResponse>(
      "Subscribe", [this](const std::shared_ptr<SubscribeCall>& call) { Subscribe(call); });
}

namespace {

// Adds what the service's own reads would hide from this caller.
void AddMayRead(const auth::Principal& principal, const EventLogService::MayRead& may_read,
                LogFilter& filter) {
  if (!may_read || (principal.role == auth::Role::kService && principal.is_everywhere())) return;
  filter.accepts = [principal, may_read](const v1::Event& event) {
    return may_read(principal, event);
  };
}

}  // namespace

void EventLogService::ListEvents(const std::shared_ptr<ListCall>& call) {
  const auth::Principal& principal = call->call().principal;
  absl::StatusOr<LogFilter> filter = ToLogFilter(principal, call->request().filter());
  if (!filter.ok()) return call->Finish(filter.status());
  const absl::StatusOr<int> limit = PageSizeOf(call->request());
  if (!limit.ok()) return call->Finish(limit.status());
  AddMayRead(principal, may_read_, *filter);
  feed_.history().Submit([this, call, filter = *std::move(filter),
                          limit = *limit](absl::StatusOr<postgres::Connection*> connection) {
    if (!connection.ok()) return call->Finish(connection.status());
    const auto after = AfterOf(call->request().has_after(), call->request().after());
    call->FinishWith(ReadPage(**connection, feed_, filter, after, limit, BudgetOf(call->call())));
  });
}

void EventLogService::GetHead(const std::shared_ptr<HeadCall>& call) {
  absl::StatusOr<LogFilter> filter = ToLogFilter(call->call().principal, call->request().filter());
  if (!filter.ok()) return call->Finish(filter.status());
  feed_.history().Submit(
      [this, call, filter = *std::move(filter)](absl::StatusOr<postgres::Connection*> connection) {
        if (!connection.ok()) return call->Finish(connection.status());
        const auto states = ReadLogStates(**connection, BudgetOf(call->call()));
        if (!states.ok()) return call->Finish(states.status());
        const absl::StatusOr<int32_t> shard = FindShard(filter, *states);
        if (!shard.ok()) return call->Finish(shard.status());
        const LogState& log = states->at(*shard);
        call->FinishWith(ToProto(feed_.source(), *shard, log.At(log.head.position)));
      });
}

void EventLogService::Subscribe(const std::shared_ptr<SubscribeCall>& call) {
  absl::StatusOr<LogFilter> filter = ToLogFilter(call->call().principal, call->request().filter());
  if (!filter.ok()) return call->Finish(filter.status());
  AddMayRead(call->call().principal, may_read_, *filter);
  const auto subscription = feed_.Subscribe(
      {.filter = *std::move(filter),
       .after = AfterOf(call->request().has_after(), call->request().after()),
       .from_beginning = call->request().from_beginning(),
       .deliver =
           [call](const Delivery& delivery, SubscriptionOptions::Done done) {
             v1::SubscribeResponse response;
             if (delivery.event != nullptr) *response.mutable_event() = *delivery.event;
             *response.mutable_position() = ToProto(delivery.position);
             call->WriteAsync(response, std::move(done), ResumeAfter(delivery.position));
           },
       .ended = [call](const absl::Status& status) { call->Finish(status); }});
  call->OnCancel([subscription] { subscription->Cancel(); });
}

}  // namespace okr::events
