#include <grpcpp/support/status.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/names/names.h"
#include "common/rpc/grpc_status.h"
#include "google/rpc/status.pb.h"
#include "services/checkins/transport/methods.h"
#include "services/checkins/transport/submission.h"

namespace okr::checkins {
namespace {

using BatchCall = rpc::UnaryCall<v1::BatchCreateCheckInsRequest, v1::BatchCreateCheckInsResponse>;

constexpr int kMaxRequests = 500;

absl::Status CheckBatch(const v1::BatchCreateCheckInsRequest& request) {
  Violations violations;
  violations.AddFrom("", OrganizationName::Parse(request.parent(), "parent").status());
  if (request.requests().empty() || request.requests_size() > kMaxRequests) {
    violations.Add("requests", absl::StrCat("has ", request.requests_size(),
                                            " items; expected 1 to ", kMaxRequests));
  }
  return violations.ToStatus();
}

// As it would be sent alone.
void WriteError(const absl::Status& status, const std::string& request_id,
                google::rpc::Status* error) {
  const grpc::Status wire = rpc::ToGrpc(rpc::ToPublic(status, request_id));
  if (error->ParseFromString(wire.error_details())) return;
  error->Clear();
  error->set_code(static_cast<int>(wire.error_code()));
  error->set_message(wire.error_message());
}

void Answer(BatchCall& call, std::vector<SubmittedCheckIn>& check_ins) {
  for (SubmittedCheckIn& check_in : check_ins) {
    v1::CheckInResult* result = call.response().add_results();
    if (check_in.status.ok()) {
      *result->mutable_check_in() = std::move(check_in.response);
    } else {
      WriteError(check_in.status, check_in.request_id, result->mutable_error());
    }
  }
  call.Finish(absl::OkStatus());
}

void CreateAll(const TransportDeps& deps, const std::shared_ptr<BatchCall>& call) {
  if (absl::Status status = CheckBatch(call->request()); !status.ok()) return call->Finish(status);
  std::vector<SubmittedCheckIn> check_ins;
  for (int i = 0; i < call->request().requests_size(); ++i) {
    check_ins.push_back(ReadCheckIn(call->call(), call->request().requests(i),
                                    absl::StrCat(call->call().request_id, "-", i), deps.ids));
  }
  auto submission =
      std::make_shared<Submission>(deps.write, call->call(), std::move(check_ins),
                                   [call](Submission& ended) { Answer(*call, ended.check_ins()); });
  submission->Start();
}

}  // namespace

void AddBatchCreateCheckIns(const TransportDeps& deps, rpc::Service& service) {
  service.Async<v1::BatchCreateCheckInsRequest, v1::BatchCreateCheckInsResponse>(
      "BatchCreateCheckIns",
      [deps](const std::shared_ptr<BatchCall>& call) { CreateAll(deps, call); });
}

}  // namespace okr::checkins
