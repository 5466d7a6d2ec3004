#include "cli/client/client.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/rpc_method.h>

#include <chrono>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/client/methods.h"
#include "cli/render/errors.h"
#include "common/backoff/backoff.h"
#include "common/rpc/consistency_token.h"
#include "common/rpc/grpc_status.h"
#include "common/rpc/keepalive.h"
#include "common/rpc/tls_credentials.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/tls/probe.h"

namespace okr::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kMaxResponseBytes = 64 << 20;
constexpr int kPageSize = 500;
constexpr char kHealthPath[] = "/grpc.health.v1.Health/Check";

grpc::ByteBuffer ToWire(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string FromWire(const grpc::ByteBuffer& wire) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!wire.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

absl::Status Parse(const grpc::ByteBuffer& wire, Message* message) {
  if (message->ParseFromString(FromWire(wire))) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("the answer is no ", message->GetDescriptor()->full_name()));
}

// What a person can do something with; gRPC's own words tell of its inner parts.
absl::string_view WhyUnreachable(absl::string_view message) {
  for (const absl::string_view known :
       {"Connection refused", "No route to host", "Connection timed out", "No such file",
        "DNS resolution failed", "Connection reset", "Socket closed"}) {
    if (absl::StrContains(message, known)) return known;
  }
  return "nobody answers there";
}

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const TlsSettings& settings) {
  if (!settings.on) return grpc::InsecureChannelCredentials();
  return rpc::ChannelCredentialsOf(settings.material);
}

// CANCELLED: the call came while the server stopped. Nobody here cancels.
bool MayRetry(const absl::Status& status) {
  if (IsTlsFailure(status)) return false;
  const std::string reason = ReasonOf(status);
  return absl::IsUnavailable(status) || absl::IsCancelled(status) || reason == "OVERLOADED" ||
         reason == "CONFLICT";
}

// The log that was written to is not the one that is there now, or does not move.
bool StateIsUnknown(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return reason == "STATE_NOT_REACHED" || reason == "POSITION_UNKNOWN";
}

const FieldDescriptor* RepeatedField(const Message& response) {
  const auto* type = response.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->is_repeated()) return type->field(i);
  }
  return nullptr;
}

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

}  // namespace

Client::Client(Options options, ConsistencyMemory* memory)
    : options_(std::move(options)), memory_(*memory) {}

Client::~Client() = default;

absl::StatusOr<Client::Target> Client::TargetOf(const Message& request,
                                                const CallOptions& options) const {
  const auto* method = MethodOf(request.GetDescriptor());
  if (method == nullptr) {
    return absl::InternalError(
        absl::StrCat("no method takes ", request.GetDescriptor()->full_name()));
  }
  const std::string service = options.service.empty() ? HomeOf(*method) : options.service;
  return Target{.service = service, .address = options_.address(service), .path = PathOf(*method)};
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> Client::ChannelTo(const std::string& address) {
  std::shared_ptr<grpc::Channel>& channel = channels_[address];
  if (channel == nullptr) {
    if (options_.tls) {
      OKR_ASSIGN_OR_RETURN(tls_, options_.tls());
    }
    grpc::ChannelArguments arguments;
    // Whatever its name says: how long an attempt to connect may take.
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, rpc::kConnectTimeoutMs);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
    arguments.SetMaxReceiveMessageSize(kMaxResponseBytes);
    channel = grpc::CreateCustomChannel(address, CredentialsOf(tls_), arguments);
  }
  return channel;
}

absl::Status Client::ToStatus(const grpc::Status& status, absl::string_view service,
                              const std::string& address) const {
  if (status.ok() || !status.error_details().empty() ||
      status.error_code() != grpc::StatusCode::UNAVAILABLE) {
    return rpc::FromGrpc(status);
  }
  const std::string why = tls::ProbeTls({.address = address, .tls = tls_.on, .files = tls_.files});
  if (!why.empty()) return TlsFailed(service, address, why);
  return Unreachable(service, address, WhyUnreachable(status.error_message()));
}

absl::Status Client::Prepare(const CallOptions& options, grpc::ClientContext* context) {
  std::string token = options.token;
  if (token.empty()) {
    OKR_ASSIGN_OR_RETURN(token, options_.token());
  }
  if (!token.empty()) context->AddMetadata("authorization", absl::StrCat("Bearer ", token));
  const std::string written = memory_.ToSend();
  if (!written.empty()) context->AddMetadata(rpc::kConsistencyTokenKey, written);
  return absl::OkStatus();
}

absl::Status Client::Once(const Target& target, const Message& request, Message* response,
                          const CallOptions& options) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       absl::ToChronoMilliseconds(options_.timeout));
  OKR_RETURN_IF_ERROR(Prepare(options, &context));
  const grpc::ByteBuffer wire = ToWire(request.SerializeAsString());
  grpc::ByteBuffer answer;
  OKR_ASSIGN_OR_RETURN(const auto channel, ChannelTo(target.address));
  const grpc::internal::RpcMethod method(target.path.c_str(),
                                         grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel.get(), method, &context, wire, &answer);
  if (!status.ok()) return ToStatus(status, target.service, target.address);
  const auto& trailing = context.GetServerTrailingMetadata();
  if (const auto found = trailing.find(rpc::kConsistencyTokenKey); found != trailing.end()) {
    memory_.Remember(absl::string_view(found->second.data(), found->second.size()));
  }
  return Parse(answer, response);
}

absl::Status Client::Invoke(const Message& request, Message* response, const CallOptions& options) {
  OKR_ASSIGN_OR_RETURN(const Target target, TargetOf(request, options));
  const std::unique_ptr<Message> sent(request.New());
  sent->CopyFrom(request);
  FillRequestIds(options_.new_request_id, sent.get());
  Backoff backoff({.initial = absl::Milliseconds(100), .longest = absl::Seconds(1)},
                  options_.random);
  const absl::Time give_up = options_.clock->Now() + options_.retry_for;
  while (true) {
    const absl::Status status = Once(target, *sent, response, options);
    if (StateIsUnknown(status) && !memory_.ToSend().empty()) {
      memory_.Forget();
      continue;
    }
    const absl::Duration delay = backoff.Failed();
    if (!MayRetry(status) || options_.clock->Now() + delay > give_up) {
      return WithRequestId(status, RequestIdIn(*sent));
    }
    options_.sleep(delay);
  }
}

absl::Status Client::Stream(const Message& request, Message* item,
                            const std::function<bool()>& on_item, const CallOptions& options) {
  OKR_ASSIGN_OR_RETURN(const Target target, TargetOf(request, options));
  grpc::ClientContext context;
  OKR_RETURN_IF_ERROR(Prepare(options, &context));
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  // One operation is under way at a time, so tags say nothing.
  const auto wait = [&] { return queue.Next(&tag, &ok) && ok; };
  OKR_ASSIGN_OR_RETURN(const auto channel, ChannelTo(target.address));
  grpc::GenericStub stub(channel);
  const auto stream = stub.PrepareCall(&context, target.path, &queue);
  stream->StartCall(nullptr);
  bool alive = wait();
  if (alive) {
    stream->WriteLast(ToWire(request.SerializeAsString()), grpc::WriteOptions(), nullptr);
    alive = wait();
  }
  bool wanted = true;
  absl::Status parsed;
  while (alive && wanted && parsed.ok()) {
    grpc::ByteBuffer answer;
    stream->Read(&answer, nullptr);
    if (!wait()) break;
    parsed = Parse(answer, item);
    if (parsed.ok()) wanted = on_item();
  }
  if (!wanted || !parsed.ok()) context.TryCancel();
  grpc::Status status;
  stream->Finish(&status, nullptr);
  wait();
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  OKR_RETURN_IF_ERROR(parsed);
  return wanted ? ToStatus(status, target.service, target.address) : absl::OkStatus();
}

absl::StatusOr<std::vector<std::unique_ptr<Message>>> Client::ListAll(Message* request,
                                                                      const CallOptions& options) {
  const auto* method = MethodOf(request->GetDescriptor());
  const auto* page_size = request->GetDescriptor()->FindFieldByName("page_size");
  const auto* page_token = request->GetDescriptor()->FindFieldByName("page_token");
  if (method == nullptr || page_size == nullptr || page_token == nullptr) {
    return absl::InternalError("this request has no pages");
  }
  const auto* reflection = request->GetReflection();
  if (reflection->GetInt32(*request, page_size) == 0) {
    reflection->SetInt32(request, page_size, kPageSize);
  }
  std::vector<std::unique_ptr<Message>> all;
  const std::unique_ptr<Message> response = NewMessage(method->output_type());
  const FieldDescriptor* items = RepeatedField(*response);
  const auto* next = method->output_type()->FindFieldByName("next_page_token");
  std::string token;
  do {
    reflection->SetString(request, page_token, token);
    OKR_RETURN_IF_ERROR(Invoke(*request, response.get(), options));
    const auto* answer = response->GetReflection();
    for (int i = 0; i < answer->FieldSize(*response, items); ++i) {
      const Message& item = answer->GetRepeatedMessage(*response, items, i);
      all.emplace_back(item.New())->CopyFrom(item);
    }
    token = answer->GetString(*response, next);
  } while (!token.empty());
  return all;
}

absl::StatusOr<bool> Client::IsServing(const std::string& address, const std::string& name) {
  // HealthCheckRequest has `string service = 1`, HealthCheckResponse an enum `status = 1`, in which
  // SERVING is 1. The distribution has no generated code of them.
  std::string request;
  if (!name.empty()) {
    request = absl::StrCat("\x0A", std::string(1, static_cast<char>(name.size())), name);
  }
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  grpc::ByteBuffer answer;
  OKR_ASSIGN_OR_RETURN(const auto channel, ChannelTo(address));
  const grpc::internal::RpcMethod method(kHealthPath, grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel.get(), method, &context, ToWire(request), &answer);
  if (!status.ok()) return ToStatus(status, name.empty() ? "a server" : name, address);
  return FromWire(answer) == std::string("\x08\x01", 2);
}

}  // namespace okr::cli
