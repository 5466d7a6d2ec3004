#include "services/checkins/transport/register.h"

#include "common/service/read.h"
#include "services/checkins/transport/methods.h"

namespace okr::checkins {

void RegisterCheckinsService(service::Process& process, const TransportDeps& deps,
                             rpc::Service& service) {
  AddCreateCheckIn(deps, service);
  AddBatchCreateCheckIns(deps, service);
  service::AddRead<v1::GetCheckInRequest, v1::CheckIn>(
      process, service, "GetCheckIn",
      [deps](const rpc::Call& call, const v1::GetCheckInRequest& request) {
        return GetCheckIn(deps, call, request);
      });
  service::AddRead<v1::ListCheckInsRequest, v1::ListCheckInsResponse>(
      process, service, "ListCheckIns",
      [deps](const rpc::Call& call, const v1::ListCheckInsRequest& request) {
        return ListCheckIns(deps, call, request);
      });
  service::AddRead<v1::ListDueCheckInsRequest, v1::ListDueCheckInsResponse>(
      process, service, "ListDueCheckIns",
      [deps](const rpc::Call& call, const v1::ListDueCheckInsRequest& request) {
        return ListDueCheckIns(deps, call, request);
      });
}

}  // namespace okr::checkins
