#include <memory>
#include <utility>

#include "services/checkins/transport/methods.h"
#include "services/checkins/transport/submission.h"

namespace okr::checkins {
namespace {

using CreateCall = rpc::UnaryCall<v1::CreateCheckInRequest, v1::CheckIn>;

void Create(const TransportDeps& deps, const std::shared_ptr<CreateCall>& call) {
  std::vector<SubmittedCheckIn> check_ins;
  check_ins.push_back(ReadCheckIn(call->call(), call->request(), /*request_id=*/"", deps.ids));
  auto submission = std::make_shared<Submission>(
      deps.write, call->call(), std::move(check_ins), [call](Submission& ended) {
        SubmittedCheckIn& check_in = ended.check_ins().front();
        if (check_in.status.ok()) call->response() = std::move(check_in.response);
        call->Finish(check_in.status);
      });
  submission->Start();
}

}  // namespace

void AddCreateCheckIn(const TransportDeps& deps, rpc::Service& service) {
  service.Async<v1::CreateCheckInRequest, v1::CheckIn>(
      "CreateCheckIn", [deps](const std::shared_ptr<CreateCall>& call) { Create(deps, call); });
}

}  // namespace okr::checkins
