// One function for each RPC. Internal to the transport.
#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "okr/checkins/v1/checkins_service.pb.h"
#include "services/checkins/transport/register.h"

namespace okr::checkins {

void AddCreateCheckIn(const TransportDeps& deps, rpc::Service& service);
void AddBatchCreateCheckIns(const TransportDeps& deps, rpc::Service& service);

absl::StatusOr<v1::CheckIn> GetCheckIn(const TransportDeps& deps, const rpc::Call& call,
                                       const v1::GetCheckInRequest& request);
absl::StatusOr<v1::ListCheckInsResponse> ListCheckIns(const TransportDeps& deps,
                                                      const rpc::Call& call,
                                                      const v1::ListCheckInsRequest& request);
absl::StatusOr<v1::ListDueCheckInsResponse> ListDueCheckIns(
    const TransportDeps& deps, const rpc::Call& call, const v1::ListDueCheckInsRequest& request);

}  // namespace okr::checkins
