// okr.events.v1.EventLogService, which every service serves for its own log.
#pragma once

#include <functional>
#include <memory>

#include "common/auth/principal.h"
#include "common/events/log_feed.h"
#include "common/rpc/service.h"
#include "okr/events/v1/event.pb.h"
#include "okr/events/v1/event_log_service.pb.h"

namespace okr::events {

// Callers see their own organization; SERVICE principals of no organization see whole shards.
class EventLogService {
 public:
  // Whether the caller may read what the event tells, as the service's own reads decide: private
  // objectives and what hangs below them. Called by many threads; must not block. Not asked for
  // SERVICE principals of no organization.
  using MayRead = std::function<bool(const auth::Principal&, const okr::events::v1::Event&)>;

  // `feed` must outlive the server.
  EventLogService(LogFeed& feed, MayRead may_read);
  EventLogService(const EventLogService&) = delete;
  EventLogService& operator=(const EventLogService&) = delete;

  // Registers all methods. `service` is that of "okr.events.v1.EventLogService"; this object must
  // outlive its server.
  void RegisterOn(rpc::Service& service);

 private:
  using ListCall =
      rpc::UnaryCall<okr::events::v1::ListEventsRequest, okr::events::v1::ListEventsResponse>;
  using HeadCall = rpc::UnaryCall<okr::events::v1::GetHeadRequest, okr::events::v1::Position>;
  using SubscribeCall =
      rpc::StreamCall<okr::events::v1::SubscribeRequest, okr::events::v1::SubscribeResponse>;

  void ListEvents(const std::shared_ptr<ListCall>& call);
  void GetHead(const std::shared_ptr<HeadCall>& call);
  void Subscribe(const std::shared_ptr<SubscribeCall>& call);

  LogFeed& feed_;
  const MayRead may_read_;
};

}  // namespace okr::events
