#include <memory>

#include "services/goals/transport/get_objective.h"
#include "services/goals/transport/goals_commands.h"
#include "services/goals/transport/goals_reads.h"
#include "services/goals/transport/register.h"

namespace okr::goals::transport {
namespace {

template <typename Request, typename Response>
void AddBlocking(rpc::Service& service, absl::string_view method, const ReadDeps& deps,
                 absl::StatusOr<Response> (*answer)(const ReadDeps&, const rpc::Call&,
                                                    const Request&)) {
  service.Blocking<Request, Response>(
      method, [deps, answer](const rpc::Call& call, const Request& request) {
        return answer(deps, call, request);
      });
}

template <typename Request, typename Response>
void AddAsync(rpc::Service& service, absl::string_view method, const ReadDeps& deps,
              void (*answer)(const ReadDeps&,
                             const std::shared_ptr<rpc::UnaryCall<Request, Response>>&)) {
  service.Async<Request, Response>(
      method, [deps, answer](const std::shared_ptr<rpc::UnaryCall<Request, Response>>& call) {
        answer(deps, call);
      });
}

template <typename Request, typename Response>
void AddCommand(rpc::Service& service, absl::string_view method, const service::WriteDeps& deps,
                absl::Status (*decide)(const rpc::Call&, const Request&, store::View&, Response&)) {
  service::AddWrite<Request, Response>(service, method, deps, decide);
}

}  // namespace

void RegisterGoals(rpc::Service& service, const service::WriteDeps& write, const ReadDeps& read) {
  AddCommand(service, "CreateObjective", write, CreateObjective);
  AddCommand(service, "UpdateObjective", write, UpdateObjective);
  AddCommand(service, "DeleteObjective", write, DeleteObjective);
  AddCommand(service, "ActivateObjective", write, ActivateObjective);
  AddCommand(service, "RetireObjective", write, RetireObjective);
  AddCommand(service, "AlignObjective", write, AlignObjective);
  AddCommand(service, "UnalignObjective", write, UnalignObjective);
  AddCommand(service, "CreateKeyResult", write, CreateKeyResult);
  AddCommand(service, "UpdateKeyResult", write, UpdateKeyResult);
  AddCommand(service, "DeleteKeyResult", write, DeleteKeyResult);
  AddCommand(service, "RetireKeyResult", write, RetireKeyResult);
  AddAsync(service, "GetObjective", read, GetObjective);
  AddAsync(service, "GetKeyResult", read, GetKeyResult);
  AddBlocking(service, "ListObjectives", read, ListObjectives);
  AddBlocking(service, "ListKeyResults", read, ListKeyResults);
  AddBlocking(service, "BatchGetObjectives", read, BatchGetObjectives);
  AddBlocking(service, "BatchGetKeyResults", read, BatchGetKeyResults);
  AddBlocking(service, "GetAlignmentTree", read, GetAlignmentTree);
}

}  // namespace okr::goals::transport
