// A reading RPC over plain blocking reads.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/service/process.h"

namespace okr::service {

template <typename Request, typename Response>
using Answer =
    std::function<absl::StatusOr<Response>(const rpc::Call& call, const Request& request)>;

// Serves `method` on the bounded pool. In a service with projections an answer that does not find
// something is asked for again after catching up with goals: what was created a moment ago may not
// have arrived yet.
template <typename Request, typename Response>
void AddRead(Process& process, rpc::Service& service, absl::string_view method,
             std::type_identity_t<Answer<Request, Response>> answer) {
  service.Blocking<Request, Response>(
      method,
      [&process, answer = std::move(answer)](const rpc::Call& call,
                                             const Request& request) -> absl::StatusOr<Response> {
        absl::StatusOr<Response> response = answer(call, request);
        if (response.ok() || !MayNotHaveArrived(response.status()) ||
            call.principal.is_everywhere() || !process.follows("goals")) {
          return response;
        }
        if (absl::Status caught_up =
                process.CatchUp("goals", call.principal.organization, call.deadline, call.trace);
            !caught_up.ok()) {
          return caught_up;
        }
        return answer(call, request);
      });
}

}  // namespace okr::service
