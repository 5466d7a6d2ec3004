// One gRPC service, served by handlers that are registered by the name of their method.
//
//   rpc::Service& service = server.AddService("okr.goals.v1.GoalsService");
//   service.Async<CreateObjectiveRequest, Objective>("CreateObjective",
//       [deps](std::shared_ptr<rpc::UnaryCall<CreateObjectiveRequest, Objective>> call) {...});
//   service.Blocking<GetAlignmentTreeRequest, AlignmentTree>("GetAlignmentTree",
//       [deps](const rpc::Call& call, const GetAlignmentTreeRequest& request)
//           -> absl::StatusOr<AlignmentTree> {...});
//
// Before a handler runs, the gate (gate.h) has parsed the request, authenticated the caller,
// checked the organization of every name in the request and waited for the consistency tokens.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/metrics/registry.h"
#include "common/rpc/call.h"
#include "common/rpc/stream_call.h"
#include "common/rpc/unary_call.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace okr::rpc {

class Gate;
class Pool;
class ServiceImpl;

// How one method is served; made by Service.
struct MethodHandler {
  enum class Kind { kAsync, kBlocking, kStream };
  Kind kind = Kind::kAsync;
  const google::protobuf::Descriptor* request = nullptr;
  const google::protobuf::Descriptor* response = nullptr;
  std::function<std::shared_ptr<UnaryCallBase>()> make_unary;
  std::function<void(const std::shared_ptr<UnaryCallBase>&)> run_unary;
  std::function<std::shared_ptr<StreamCallBase>()> make_stream;
  std::function<void(const std::shared_ptr<StreamCallBase>&)> run_stream;
};

// Registered handlers are called by many threads at once. Registration is not thread-safe and ends
// when the server starts.
class Service {
 public:
  // `descriptor` may be null: then Ready tells that `name` is not linked in.
  Service(absl::string_view name, const google::protobuf::ServiceDescriptor* descriptor);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  template <typename Request, typename Response>
  using AsyncHandler = std::function<void(std::shared_ptr<UnaryCall<Request, Response>>)>;
  template <typename Request, typename Response>
  using BlockingHandler = std::function<absl::StatusOr<Response>(Call&, const Request&)>;
  template <typename Request, typename Response>
  using StreamHandler = std::function<void(std::shared_ptr<StreamCall<Request, Response>>)>;

  // `handler` runs on a thread of gRPC and must not block; it or what it hands the call to finishes
  // the call, from any thread.
  template <typename Request, typename Response>
  void Async(absl::string_view method,
             std::type_identity_t<AsyncHandler<Request, Response>> handler);

  // `handler` runs on the server's pool and may block until the call's deadline. A lambda may take
  // `const Call&`. When too many calls wait, the call fails with OVERLOADED; when its deadline
  // passed while it waited, with DEADLINE_EXCEEDED.
  template <typename Request, typename Response>
  void Blocking(absl::string_view method,
                std::type_identity_t<BlockingHandler<Request, Response>> handler);

  // A server stream. `handler` runs on a thread of gRPC and must not block.
  template <typename Request, typename Response>
  void Stream(absl::string_view method,
              std::type_identity_t<StreamHandler<Request, Response>> handler);

  const std::string& name() const { return name_; }
  // OK, or FAILED_PRECONDITION that names every method without a handler, with two, that the
  // service does not have, or whose messages differ from the descriptor's.
  absl::Status Ready() const;

  // For the server: shows what is counted of the methods; must outlive the registry's last Text.
  void ShowMetrics(metrics::Registry& registry) const;
  // Streams that are open now.
  int64_t open_streams() const;

  // For the server: binds the service to what all services share.
  grpc::Service& Bind(const Gate& gate, Pool& pool);

 private:
  void Add(absl::string_view method, MethodHandler handler);

  const std::string name_;
  std::unique_ptr<ServiceImpl> impl_;
};

template <typename Request, typename Response>
void Service::Async(absl::string_view method,
                    std::type_identity_t<AsyncHandler<Request, Response>> handler) {
  using Typed = UnaryCall<Request, Response>;
  Add(method, {.kind = MethodHandler::Kind::kAsync,
               .request = Request::descriptor(),
               .response = Response::descriptor(),
               .make_unary = [] { return std::make_shared<Typed>(); },
               .run_unary =
                   [handler = std::move(handler)](const std::shared_ptr<UnaryCallBase>& call) {
                     handler(std::static_pointer_cast<Typed>(call));
                   }});
}

template <typename Request, typename Response>
void Service::Blocking(absl::string_view method,
                       std::type_identity_t<BlockingHandler<Request, Response>> handler) {
  using Typed = UnaryCall<Request, Response>;
  Add(method, {.kind = MethodHandler::Kind::kBlocking,
               .request = Request::descriptor(),
               .response = Response::descriptor(),
               .make_unary = [] { return std::make_shared<Typed>(); },
               .run_unary =
                   [handler = std::move(handler)](const std::shared_ptr<UnaryCallBase>& call) {
                     auto& typed = static_cast<Typed&>(*call);
                     typed.FinishWith(handler(typed.call(), typed.request()));
                   }});
}

template <typename Request, typename Response>
void Service::Stream(absl::string_view method,
                     std::type_identity_t<StreamHandler<Request, Response>> handler) {
  using Typed = StreamCall<Request, Response>;
  Add(method, {.kind = MethodHandler::Kind::kStream,
               .request = Request::descriptor(),
               .response = Response::descriptor(),
               .make_stream = [] { return std::make_shared<Typed>(); },
               .run_stream =
                   [handler = std::move(handler)](const std::shared_ptr<StreamCallBase>& call) {
                     handler(std::static_pointer_cast<Typed>(call));
                   }});
}

}  // namespace okr::rpc
