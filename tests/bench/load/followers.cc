#include "tests/bench/load/followers.h"

#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/consistency_token.h"
#include "common/rpc/grpc_status.h"
#include "okr/events/v1/event_log_service.grpc.pb.h"
#include "okr/scoring/v1/scoring_service.grpc.pb.h"
#include "tests/bench/load/lags.h"

namespace okr::bench {
namespace {

using events::v1::EventLogService;

constexpr Clock::duration kPatience = std::chrono::seconds(20);
constexpr std::chrono::hours kStreamLifetime(1);

// Reads the stream on a thread of its own until it is destroyed.
class Subscription {
 public:
  static absl::StatusOr<std::unique_ptr<Subscription>> Start(const Company& company,
                                                             const std::string& address,
                                                             Lags& lags) {
    auto subscription = std::unique_ptr<Subscription>(new Subscription(address, lags));
    events::v1::EventFilter filter;
    filter.set_organization(company.dataset.OrganizationName(0));
    filter.add_types("okr.checkins.v1.CheckInCreated");

    grpc::ClientContext context;
    Prepare(company, Aim(), context);
    events::v1::GetHeadRequest head;
    *head.mutable_filter() = filter;
    events::v1::SubscribeRequest request;
    const grpc::Status status =
        subscription->stub_->GetHead(&context, head, request.mutable_after());
    if (!status.ok()) return rpc::FromGrpc(status);

    *request.mutable_filter() = filter;
    Prepare(company, Aim(), subscription->context_);
    subscription->context_.set_deadline(std::chrono::system_clock::now() + kStreamLifetime);
    subscription->Read(request);
    return subscription;
  }

  ~Subscription() {
    context_.TryCancel();
    thread_.join();
  }
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

 private:
  Subscription(const std::string& address, Lags& lags)
      : lags_(lags), stub_(EventLogService::NewStub(Connect(address))) {}

  void Read(const events::v1::SubscribeRequest& request) {
    thread_ = std::thread([this, request] {
      const auto reader = stub_->Subscribe(&context_, request);
      events::v1::SubscribeResponse response;
      while (reader->Read(&response)) {
        if (response.has_event()) lags_.Seen(response.event().subject(), Clock::now());
      }
      // Ended by TryCancel, or early: then what is missing is counted.
      reader->Finish();
    });
  }

  Lags& lags_;
  const std::unique_ptr<EventLogService::Stub> stub_;
  grpc::ClientContext context_;
  std::thread thread_;
};

struct ScoreCall {
  std::string check_in;
  grpc::ClientContext context;
  scoring::v1::GetKeyResultScoreRequest request;
  scoring::v1::KeyResultScore response;
  Workload::Done done;
};

// Or on a later check-in of the same key result, whose id is greater.
absl::Status RestsOn(const ScoreCall& call, const grpc::Status& status) {
  if (!status.ok()) return rpc::FromGrpc(status);
  if (call.response.check_in() >= call.check_in) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the score after ", call.check_in, " rests on ", call.response.check_in()));
}

}  // namespace

absl::StatusOr<Followed> FollowEvents(const Company& company, const std::string& checkins,
                                      int connections, const Drive& drive) {
  Lags lags;
  auto subscription = Subscription::Start(company, checkins, lags);
  if (!subscription.ok()) return subscription.status();
  CheckIns check_ins(company, checkins, connections,
                     [&](const CheckIns::Accepted& accepted, const Workload::Done& done) {
                       lags.Acknowledged(accepted.check_in.name(), accepted.acknowledged);
                       done(absl::OkStatus());
                     });
  Followed followed;
  followed.check_ins = drive(check_ins);
  lags.AwaitAll(Clock::now() + kPatience);
  followed.lags = lags.Measure(followed.check_ins.window);
  return followed;
}

Followed FollowScores(const Company& company, const std::string& checkins,
                      const std::string& scoring, int connections, const Drive& drive) {
  Lags lags;
  Stubs<scoring::v1::ScoringService> stubs(scoring, connections);
  CheckIns check_ins(
      company, checkins, connections, [&](const CheckIns::Accepted& accepted, Workload::Done done) {
        lags.Acknowledged(accepted.check_in.name(), accepted.acknowledged);
        auto call = std::make_shared<ScoreCall>();
        call->check_in = accepted.check_in.name();
        Prepare(company, accepted.aim, call->context);
        call->context.AddMetadata(rpc::kConsistencyTokenKey, accepted.consistency_token);
        call->request.set_name(
            company.dataset.KeyResultName(accepted.aim.organization, accepted.aim.key_result));
        call->done = std::move(done);
        stubs.Next().async()->GetKeyResultScore(&call->context, &call->request, &call->response,
                                                [&lags, call](const grpc::Status& status) {
                                                  const absl::Status readable =
                                                      RestsOn(*call, status);
                                                  if (readable.ok())
                                                    lags.Seen(call->check_in, Clock::now());
                                                  call->done(readable);
                                                });
      });
  Followed followed;
  followed.check_ins = drive(check_ins);
  followed.lags = lags.Measure(followed.check_ins.window);
  return followed;
}

}  // namespace okr::bench
