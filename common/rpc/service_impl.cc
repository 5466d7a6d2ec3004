#include "common/rpc/service_impl.h"

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>

#include <exception>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/stream_reactor.h"
#include "common/status/error.h"

namespace okr::rpc {
namespace {

using ByteUnaryHandler = grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>;
using ByteStreamHandler =
    grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>;

absl::Status Overloaded() {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   "Too many calls of this kind are waiting; try again later",
                   {.reason = "OVERLOADED", .retry_delay = absl::Seconds(1)});
}

// Our code throws nothing, but what it calls may, and one request must not end the process.
template <typename Call>
void Guard(const std::function<void(const std::shared_ptr<Call>&)>& run,
           const std::shared_ptr<Call>& call) {
  try {
    run(call);
  } catch (const std::exception& exception) {
    call->Finish(absl::InternalError(absl::StrCat("the handler threw: ", exception.what())));
  }
}

}  // namespace

ServiceImpl::ServiceImpl(const google::protobuf::ServiceDescriptor* descriptor) {
  if (descriptor == nullptr) {
    troubles_.emplace_back("is not linked in");
    return;
  }
  for (int i = 0; i < descriptor->method_count(); ++i) {
    methods_.push_back(std::make_unique<Method>(*descriptor->method(i)));
  }
}

ServiceImpl::Method* ServiceImpl::Find(absl::string_view name) {
  for (const std::unique_ptr<Method>& method : methods_) {
    if (name == method->descriptor.name()) return method.get();
  }
  return nullptr;
}

void ServiceImpl::Add(absl::string_view name, MethodHandler handler) {
  Method* method = Find(name);
  const auto trouble = [this, name](absl::string_view what) {
    troubles_.push_back(absl::StrCat(name, " ", what));
  };
  if (method == nullptr) return trouble("is no method");
  if (method->registered) return trouble("has two handlers");
  method->registered = true;
  if (method->descriptor.input_type() != handler.request ||
      method->descriptor.output_type() != handler.response) {
    return trouble("has a handler of other messages");
  }
  const bool is_stream = handler.kind == MethodHandler::Kind::kStream;
  if (method->descriptor.client_streaming() || method->descriptor.server_streaming() != is_stream) {
    return trouble("has a handler of another kind of streaming");
  }
  method->handler = std::move(handler);
}

std::vector<std::string> ServiceImpl::Troubles() const {
  std::vector<std::string> troubles = troubles_;
  for (const std::unique_ptr<Method>& method : methods_) {
    if (method->registered) continue;
    troubles.push_back(absl::StrCat(method->descriptor.name(), " has no handler"));
  }
  return troubles;
}

void ServiceImpl::ShowMetrics(metrics::Registry& registry) const {
  for (const std::unique_ptr<Method>& method : methods_) method->info.metrics->ShowIn(registry);
}

int64_t ServiceImpl::open_streams() const {
  int64_t open = 0;
  for (const std::unique_ptr<Method>& method : methods_)
    open += method->info.metrics->open_streams();
  return open;
}

void ServiceImpl::Bind(const Gate& gate, Pool& pool) {
  gate_ = &gate;
  pool_ = &pool;
  for (size_t i = 0; i < methods_.size(); ++i) {
    if (methods_[i]->info.streaming) {
      AddStream(static_cast<int>(i), *methods_[i]);
    } else {
      AddUnary(static_cast<int>(i), *methods_[i]);
    }
  }
}

void ServiceImpl::AddUnary(int index, const Method& method) {
  AddMethod(new grpc::internal::RpcServiceMethod(method.path.c_str(),
                                                 grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
  MarkMethodRawCallback(
      index,
      new ByteUnaryHandler([this, &method](grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* wire, grpc::ByteBuffer* answer) {
        return StartUnary(method, context, *wire, answer);
      }));
}

void ServiceImpl::AddStream(int index, const Method& method) {
  AddMethod(new grpc::internal::RpcServiceMethod(
      method.path.c_str(), grpc::internal::RpcMethod::SERVER_STREAMING, nullptr));
  MarkMethodRawCallback(index,
                        new ByteStreamHandler([this, &method](grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* wire) {
                          return StartStream(method, context, *wire);
                        }));
}

grpc::ServerUnaryReactor* ServiceImpl::StartUnary(const Method& method,
                                                  grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer& wire,
                                                  grpc::ByteBuffer* answer) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const std::shared_ptr<UnaryCallBase> call = method.handler.make_unary();
  call->gate_ = gate_;
  call->context_ = context;
  call->reactor_ = reactor;
  call->answer_ = answer;
  gate_->Open(method.info, *context, &call->call());
  const absl::Status admitted =
      gate_->Admit(method.info, *context, wire, &call->mutable_request(), &call->call());
  if (!admitted.ok()) {
    call->Finish(admitted);
    return reactor;
  }
  gate_->unary_calls().Add(call);
  gate_->AwaitWantedState(call->call(), [this, &method, call](const absl::Status& reached) {
    if (!reached.ok()) return call->Finish(reached);
    if (!call->finished_) RunUnary(method, call);  // Else the server ended it, and may be gone.
  });
  return reactor;
}

void ServiceImpl::RunUnary(const Method& method, const std::shared_ptr<UnaryCallBase>& call) {
  if (method.handler.kind == MethodHandler::Kind::kBlocking) return RunOnPool(method, call);
  Guard(method.handler.run_unary, call);
}

void ServiceImpl::RunOnPool(const Method& method, const std::shared_ptr<UnaryCallBase>& call) {
  const bool accepted = pool_->TrySubmit([this, &method, call] {
    if (call->finished_) return;  // The server is stopping, and has ended it.
    if (absl::Status status = gate_->CheckDeadline(call->call()); !status.ok()) {
      return call->Finish(status);
    }
    Guard(method.handler.run_unary, call);
  });
  if (!accepted) call->Finish(Overloaded());
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* ServiceImpl::StartStream(
    const Method& method, grpc::CallbackServerContext* context, const grpc::ByteBuffer& wire) {
  const std::shared_ptr<StreamCallBase> call = method.handler.make_stream();
  const std::shared_ptr<StreamReactor> reactor = call->reactor_;
  reactor->Bind(*gate_, *context);
  gate_->Open(method.info, *context, &call->call());
  const absl::Status admitted =
      gate_->Admit(method.info, *context, wire, &call->mutable_request(), &call->call());
  if (!admitted.ok()) {
    call->Finish(admitted);
    return reactor.get();
  }
  gate_->streams().Add(reactor);
  gate_->AwaitWantedState(call->call(), [&method, call](const absl::Status& reached) {
    if (!reached.ok()) return call->Finish(reached);
    if (!call->cancelled()) Guard(method.handler.run_stream, call);
  });
  return reactor.get();
}

}  // namespace okr::rpc
