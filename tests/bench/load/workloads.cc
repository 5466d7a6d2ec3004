#include "tests/bench/load/workloads.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/rpc/consistency_token.h"
#include "common/rpc/grpc_status.h"

namespace okr::bench {
namespace {

constexpr std::chrono::seconds kPatience(20);
// Half way to the target, as at half of the cycle: most key results are on track and stay so.
constexpr double kLeastValue = 45;
constexpr double kMostValue = 60;

struct ReadCall {
  grpc::ClientContext context;
  goals::v1::GetKeyResultRequest request;
  goals::v1::KeyResult response;
  Workload::Done done;
};

}  // namespace

Aim Aims::Next() {
  const std::lock_guard lock(mutex_);
  using Uniform = std::uniform_int_distribution<int>;
  Aim aim;
  aim.organization = Uniform(0, dataset_.organizations() - 1)(random_);
  aim.key_result = Uniform(0, dataset_.key_results() - 1)(random_);
  const int seat = Uniform(0, Dataset::kPeopleOfTeam - 1)(random_);
  aim.person = Dataset::PersonOf(dataset_.TeamOf(aim.key_result), seat);
  return aim;
}

double Aims::Number(double low, double high) {
  const std::lock_guard lock(mutex_);
  return std::uniform_real_distribution<double>(low, high)(random_);
}

void Prepare(const Company& company, const Aim& aim, grpc::ClientContext& context) {
  context.AddMetadata("authorization", company.identities.Member(aim.organization, aim.person));
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  context.set_wait_for_ready(true);
}

void Reads::Send(Done done) {
  auto call = std::make_shared<ReadCall>();
  const Aim aim = company_.aims.Next();
  Prepare(company_, aim, call->context);
  call->request.set_name(company_.dataset.KeyResultName(aim.organization, aim.key_result));
  call->done = std::move(done);
  stubs_.Next().async()->GetKeyResult(
      &call->context, &call->request, &call->response,
      [call](const grpc::Status& status) { call->done(rpc::FromGrpc(status)); });
}

struct CheckIns::Call {
  Aim aim;
  grpc::ClientContext context;
  checkins::v1::CreateCheckInRequest request;
  checkins::v1::CheckIn response;
  Done done;
};

void CheckIns::Send(Done done) {
  auto call = std::make_shared<Call>();
  call->aim = company_.aims.Next();
  Prepare(company_, call->aim, call->context);
  checkins::v1::CreateCheckInRequest& request = call->request;
  request.set_parent(company_.dataset.KeyResultName(call->aim.organization, call->aim.key_result));
  request.mutable_check_in()->set_value(company_.aims.Number(kLeastValue, kMostValue));
  request.mutable_check_in()->set_confidence(0.7);
  request.mutable_check_in()->set_note(Dataset::kNote);
  // As long as a UUID; the first part differs between runs.
  const auto run = static_cast<uint32_t>(company_.aims.Number(0, 4e9));
  request.set_request_id(absl::StrFormat("%08x-%027d", run, sent_++));
  call->done = std::move(done);
  stubs_.Next().async()->CreateCheckIn(
      &call->context, &call->request, &call->response,
      [this, call](const grpc::Status& status) { Ended(*call, status); });
}

void CheckIns::Ended(Call& call, const grpc::Status& status) {
  if (!status.ok() || next_ == nullptr) return call.done(rpc::FromGrpc(status));
  Accepted accepted{.aim = call.aim, .check_in = call.response, .acknowledged = Clock::now()};
  const auto& trailers = call.context.GetServerTrailingMetadata();
  if (const auto token = trailers.find(rpc::kConsistencyTokenKey); token != trailers.end()) {
    accepted.consistency_token.assign(token->second.data(), token->second.size());
  }
  next_(accepted, std::move(call.done));
}

}  // namespace okr::bench
