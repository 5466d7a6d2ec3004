// Calls as somebody, by generated stubs, with errors as the services mean them.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/rpc/grpc_status.h"
#include "okr/checkins/v1/checkins_service.grpc.pb.h"
#include "okr/directory/v1/directory_service.grpc.pb.h"
#include "okr/events/v1/event_log_service.grpc.pb.h"
#include "okr/goals/v1/goals_service.grpc.pb.h"
#include "okr/notifications/v1/notifications_service.grpc.pb.h"
#include "okr/scoring/v1/scoring_service.grpc.pb.h"
#include "tests/support/seen_tokens.h"
#include "tests/support/suite.h"

namespace okr::testing {

// Remembers the consistency tokens of its answers and shows them with each call, so that it reads
// its own writes in all services. Callers that share tokens read each other's writes too. Not
// thread-safe, nor are callers that share tokens.
class Caller {
 public:
  Caller(const Suite& suite, const Identity& identity) : Caller(suite, suite.Token(identity)) {}
  Caller(const Suite& suite, const Identity& identity, std::shared_ptr<SeenTokens> seen)
      : suite_(suite), token_(suite.Token(identity)), seen_(std::move(seen)) {}
  // With any text as its token; none if it is empty.
  Caller(const Suite& suite, std::string token) : suite_(suite), token_(std::move(token)) {}

  // caller.Call(&GoalsService::Stub::GetObjective, goals(), request)
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                Stub& stub, const Request& request) {
    grpc::ClientContext context;
    Prepare(context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    Remember(context);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }

  // Puts token, deadline and consistency tokens into a context, for streams.
  void Prepare(grpc::ClientContext& context, absl::Duration timeout = absl::Seconds(20)) const;
  void Remember(const grpc::ClientContext& context);

  goals::v1::GoalsService::Stub& goals();
  directory::v1::DirectoryService::Stub& directory();
  checkins::v1::CheckinsService::Stub& checkins();
  scoring::v1::ScoringService::Stub& scoring();
  notifications::v1::NotificationsService::Stub& notifications();
  // Of one service's own log.
  std::unique_ptr<events::v1::EventLogService::Stub> events(const std::string& service) const;

 private:
  const Suite& suite_;
  const std::string token_;
  std::shared_ptr<SeenTokens> seen_ = std::make_shared<SeenTokens>();
  std::unique_ptr<goals::v1::GoalsService::Stub> goals_;
  std::unique_ptr<directory::v1::DirectoryService::Stub> directory_;
  std::unique_ptr<checkins::v1::CheckinsService::Stub> checkins_;
  std::unique_ptr<scoring::v1::ScoringService::Stub> scoring_;
  std::unique_ptr<notifications::v1::NotificationsService::Stub> notifications_;
};

}  // namespace okr::testing
