// A mutating RPC, from the request to the batch and back.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/rpc/unary_call.h"
#include "common/store/view.h"
#include "common/store/writer.h"
#include "google/protobuf/message.h"

namespace okr::service {

// Calls `done` once, from any thread, when this service has taken everything that the owners of its
// projections knew when the call came in; or with the error that prevents it. Must not block.
// `call` lives until then.
using CatchUp = std::function<void(const rpc::Call& call, std::function<void(absl::Status)> done)>;

// What writes need; all must outlive the server.
struct WriteDeps {
  std::string source;  // Of the consistency tokens: the service.
  store::Writer* writer = nullptr;
  // Empty in a service without projections. Elsewhere a command that does not find something is
  // decided again after it: what was created a moment ago may not have arrived yet.
  CatchUp catch_up;
};

// Pure, see store::Command::decide. Fills `response`.
template <typename Request, typename Response>
using Decide = std::function<absl::Status(const rpc::Call& call, const Request& request,
                                          store::View& view, Response& response)>;

namespace write_internal {

using DecideAny =
    std::function<absl::Status(store::View& view, google::protobuf::Message& response)>;

// `call` keeps request and response alive.
void Submit(const WriteDeps& deps, const std::shared_ptr<rpc::UnaryCallBase>& call,
            const google::protobuf::Message& request, google::protobuf::Message& response,
            const DecideAny& decide, bool may_catch_up);

}  // namespace write_internal

// Serves `method` by a command in the store's next batch. The fields request_id and validate_only
// of the request have their AIP meaning.
template <typename Request, typename Response>
void AddWrite(rpc::Service& service, absl::string_view method, WriteDeps deps,
              std::type_identity_t<Decide<Request, Response>> decide) {
  service.Async<Request, Response>(
      method, [deps = std::move(deps), decide = std::move(decide)](
                  const std::shared_ptr<rpc::UnaryCall<Request, Response>>& call) {
        // The command belongs to the call, so it must not keep it alive itself.
        auto* typed = call.get();
        write_internal::Submit(
            deps, call, call->request(), call->response(),
            [typed, decide](store::View& view, google::protobuf::Message& response) {
              return decide(typed->call(), typed->request(), view,
                            static_cast<Response&>(response));
            },
            /*may_catch_up=*/deps.catch_up != nullptr);
      });
}

// Whether `status` says that something was not found which may just not have arrived yet.
bool MayNotHaveArrived(const absl::Status& status);

// The record by which a repeated request is known to be the same.
std::string RequestDigest(const rpc::Call& call, const google::protobuf::Message& request);

}  // namespace okr::service
