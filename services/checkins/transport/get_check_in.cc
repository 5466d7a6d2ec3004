#include "common/status/macros.h"
#include "services/checkins/domain/errors.h"
#include "services/checkins/store/messages.h"
#include "services/checkins/store/tables.h"
#include "services/checkins/transport/methods.h"
#include "services/checkins/transport/reading.h"

namespace okr::checkins {

absl::StatusOr<v1::CheckIn> GetCheckIn(const TransportDeps& deps, const rpc::Call& call,
                                       const v1::GetCheckInRequest& request) {
  OKR_ASSIGN_OR_RETURN(const CheckInName name, CheckInName::Parse(request.name()));
  v1::CheckIn response;
  const std::string organization(name.organization_id());
  OKR_RETURN_IF_ERROR(deps.reads.With(organization, call.deadline, [&](store::View& view) {
    view.Want(CheckIns(), name.relative());
    OKR_RETURN_IF_ERROR(RequireKeyResult(view, call.principal, name.key_result(), name.ToString()));
    OKR_ASSIGN_OR_RETURN(const auto check_in, view.Find(CheckIns(), name.relative()));
    if (!check_in) return error::NotFound(name.ToString());
    ToProto(*check_in, &response);
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace okr::checkins
