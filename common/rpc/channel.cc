#include "common/rpc/channel.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/rpc_method.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/grpc_status.h"
#include "common/rpc/keepalive.h"
#include "common/rpc/retry_service_config.h"
#include "common/rpc/rpc_span.h"
#include "common/rpc/tls_credentials.h"
#include "common/rpc/wire.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::rpc {
namespace {

constexpr int kMaxResponseBytes = 64 << 20;

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kClientKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // Whatever its name says: how long an attempt to connect may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectTimeoutMs);
  // A service that comes back is found again at once.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
  // After 30 s, unless told otherwise, when all instances may have been replaced.
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1'000);
  arguments.SetMaxReceiveMessageSize(kMaxResponseBytes);
  arguments.SetServiceConfigJSON(kRetryServiceConfig);
  return arguments;
}

absl::Status AddMetadata(const Channel::Options& options, const CallOptions& call,
                         grpc::ClientContext* context) {
  if (options.token) {
    OKR_ASSIGN_OR_RETURN(const std::string token, options.token());
    context->AddMetadata("authorization", absl::StrCat("Bearer ", token));
  }
  if (!call.trace.empty()) context->AddMetadata("traceparent", ToTraceparent(call.trace));
  if (!call.wanted.empty()) {
    context->AddMetadata(kConsistencyTokenKey, FormatConsistencyTokens(call.wanted));
  }
  return absl::OkStatus();
}

absl::Status TakeWritten(const grpc::ClientContext& context,
                         std::vector<ConsistencyToken>* written) {
  written->clear();
  const auto& trailing = context.GetServerTrailingMetadata();
  const auto found = trailing.find(kConsistencyTokenKey);
  if (found == trailing.end()) return absl::OkStatus();
  OKR_ASSIGN_OR_RETURN(*written, ParseConsistencyTokens(absl::string_view(found->second.data(),
                                                                          found->second.size())));
  return absl::OkStatus();
}

absl::Status TakeAnswer(const grpc::ByteBuffer& wire, google::protobuf::Message* response) {
  absl::Status status = ParseRequest(wire, kMaxResponseBytes, response);
  return status.ok() ? status : absl::InternalError(status.message());
}

}  // namespace

std::shared_ptr<Channel> Channel::Create(Options options) {
  std::shared_ptr<grpc::Channel> channel;
  if (options.tls == nullptr) {
    channel =
        grpc::CreateCustomChannel(options.address, grpc::InsecureChannelCredentials(), Arguments());
  }
  return std::make_shared<Channel>(std::move(channel), std::move(options));
}

Channel::Channel(std::shared_ptr<grpc::Channel> channel, Options options)
    : options_(std::move(options)), channel_(std::move(channel)) {}

Channel::~Channel() = default;

std::shared_ptr<grpc::Channel> Channel::Current() {
  const std::lock_guard lock(mutex_);
  const std::shared_ptr<const tls::Material> now =
      options_.tls == nullptr ? nullptr : options_.tls->Now();
  if (now != material_) {
    material_ = now;
    channel_ = grpc::CreateCustomChannel(options_.address, ChannelCredentialsOf(*now), Arguments());
  }
  return channel_;
}

absl::Status Channel::Call(absl::string_view method, const google::protobuf::Message& request,
                           google::protobuf::Message* response, const CallOptions& options) {
  if (options_.tracer == nullptr || !options.trace.sampled) {
    return Send(method, request, response, options);
  }
  const absl::Time start = options_.clock->Now();
  CallOptions traced = options;
  traced.trace = options_.tracer->Begin(options.trace);
  absl::Status status = Send(method, request, response, traced);
  options_.tracer->End(
      ClientSpan(method, options.trace, traced.trace, status, start, options_.clock->Now()));
  return status;
}

absl::Status Channel::Send(absl::string_view method, const google::protobuf::Message& request,
                           google::protobuf::Message* response, const CallOptions& options) {
  grpc::ClientContext context;
  const absl::Duration left = options.deadline - options_.clock->Now();
  context.set_deadline(std::chrono::system_clock::now() +
                       absl::ToChronoNanoseconds(std::min(left, options_.timeout)));
  OKR_RETURN_IF_ERROR(AddMetadata(options_, options, &context));
  grpc::ByteBuffer wire;
  grpc::ByteBuffer answer;
  OKR_RETURN_IF_ERROR(Serialize(request, &wire));
  const std::string path(method);
  const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
  const std::shared_ptr<grpc::Channel> channel = Current();
  const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel.get(), rpc, &context, wire, &answer);
  OKR_RETURN_IF_ERROR(FromGrpc(status));
  if (options.written != nullptr) OKR_RETURN_IF_ERROR(TakeWritten(context, options.written));
  return TakeAnswer(answer, response);
}

}  // namespace okr::rpc
