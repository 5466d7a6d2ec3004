#include "common/rpc/gate.h"

#include <grpcpp/server_context.h>

#include <array>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/auth/auth_errors.h"
#include "common/log/logger.h"
#include "common/rpc/grpc_status.h"
#include "common/rpc/rpc_span.h"
#include "common/rpc/wire.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::rpc {
namespace {

using google::protobuf::FieldDescriptor;

constexpr char kAuthorizationKey[] = "authorization";
constexpr char kTraceparentKey[] = "traceparent";
constexpr size_t kMaxRequestIdSize =
    64;  // AIP-155 in our contracts; longer ones are refused later.

// Absent unless there is exactly one.
std::optional<absl::string_view> MetadataOf(const grpc::CallbackServerContext& context,
                                            const char* key) {
  const auto& metadata = context.client_metadata();
  const auto [first, last] = metadata.equal_range(key);
  if (first == last || std::next(first) != last) return std::nullopt;
  return absl::string_view(first->second.data(), first->second.size());
}

// Absent if the client set none.
std::optional<absl::Duration> TimeLeft(const grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return std::nullopt;
  return absl::FromChrono(deadline - std::chrono::system_clock::now());
}

absl::Time DeadlineOf(const MethodInfo& method, const grpc::CallbackServerContext& context,
                      absl::Time now, absl::Duration budget) {
  const std::optional<absl::Duration> left = TimeLeft(context);
  if (method.streaming) return left.has_value() ? now + *left : absl::InfiniteFuture();
  return now + std::min(left.value_or(budget), budget);
}

const FieldDescriptor* RequestIdOf(const google::protobuf::Descriptor& request) {
  const FieldDescriptor* field = request.FindFieldByName("request_id");
  const bool usable =
      field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated();
  return usable ? field : nullptr;
}

void BeginTrace(const grpc::CallbackServerContext& context, const GateOptions& options,
                Call* call) {
  std::optional<TraceContext> parent;
  if (const auto header = MetadataOf(context, kTraceparentKey)) parent = ParseTraceparent(*header);
  std::array<uint8_t, 24> bytes{};
  options.random(absl::MakeSpan(bytes));
  call->trace = StartSpan(
      parent, absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  if (parent) {
    call->parent_span_id = std::move(parent->span_id);
  } else {
    call->trace.sampled = trace::IsSampled(call->trace.trace_id, options.trace_sample_ratio);
  }
}

void TakeRequestId(const MethodInfo& method, const google::protobuf::Message& request, Call* call) {
  if (method.request_id == nullptr) return;
  std::string scratch;
  const std::string& id =
      request.GetReflection()->GetStringReference(request, method.request_id, &scratch);
  if (!id.empty() && id.size() <= kMaxRequestIdSize) call->request_id = id;
}

}  // namespace

MethodInfo::MethodInfo(const google::protobuf::MethodDescriptor& method)
    : name(absl::StrCat(method.service()->full_name(), "/", method.name())),
      streaming(method.server_streaming()),
      request_id(RequestIdOf(*method.input_type())),
      organizations(*method.input_type()),
      metrics(std::make_unique<MethodMetrics>(method)) {}

Gate::Gate(GateOptions options)
    : options_(std::move(options)), ids_(*options_.clock, options_.random) {}

void Gate::Open(const MethodInfo& method, const grpc::CallbackServerContext& context,
                Call* call) const {
  call->method = method.name;
  call->metrics = method.metrics.get();
  call->metrics->Started();
  call->now = options_.clock->Now();
  call->deadline = DeadlineOf(method, context, call->now, options_.budget);
  call->request_id = ids_.Next().ToString();
  BeginTrace(context, options_, call);
  call->peer = context.peer();
  if (options_.hooks.on_start) options_.hooks.on_start(*call);
}

absl::Status Gate::Admit(const MethodInfo& method, const grpc::CallbackServerContext& context,
                         const grpc::ByteBuffer& wire, google::protobuf::Message* request,
                         Call* call) const {
  if (method.streaming && streams_stopped_) return ShuttingDown();
  OKR_RETURN_IF_ERROR(CheckDeadline(*call));
  OKR_RETURN_IF_ERROR(Authenticate(context, call));
  OKR_RETURN_IF_ERROR(ParseRequest(wire, options_.max_request_bytes, request));
  TakeRequestId(method, *request, call);
  OKR_RETURN_IF_ERROR(method.organizations.Check(*request, call->principal));
  OKR_ASSIGN_OR_RETURN(
      call->wanted, ParseConsistencyTokens(MetadataOf(context, kConsistencyTokenKey).value_or("")));
  return absl::OkStatus();
}

absl::Status Gate::Authenticate(const grpc::CallbackServerContext& context, Call* call) const {
  constexpr absl::string_view kScheme = "Bearer ";
  const size_t headers = context.client_metadata().count(kAuthorizationKey);
  if (headers == 0) return auth::error::TokenMissing();
  const absl::string_view header = MetadataOf(context, kAuthorizationKey).value_or("");
  if (!absl::StartsWithIgnoreCase(header, kScheme)) {
    return auth::error::TokenMalformed("expected one header \"authorization: Bearer <token>\"");
  }
  OKR_ASSIGN_OR_RETURN(call->principal,
                       options_.authenticate(header.substr(kScheme.size()), call->now));
  return absl::OkStatus();
}

void Gate::AwaitWantedState(const Call& call, std::function<void(absl::Status)> done) const {
  if (call.wanted.empty() || !options_.hooks.wait_for_consistency) return done(absl::OkStatus());
  options_.hooks.wait_for_consistency(call, call.wanted, std::move(done));
}

absl::Status Gate::CheckDeadline(const Call& call) const {
  if (options_.clock->Now() < call.deadline) return absl::OkStatus();
  return MakeError(absl::StatusCode::kDeadlineExceeded,
                   "The deadline passed before the call was begun; nothing was done",
                   {.reason = "DEADLINE_EXCEEDED"});
}

absl::Status Gate::Close(const Call& call, const absl::Status& status) const {
  absl::Status told = ToPublic(status, call.request_id);
  const absl::Duration took = options_.clock->Now() - call.now;
  WriteLogLine(call, status, told, took);
  call.metrics->Ended(told.code(), took);
  if (options_.tracer != nullptr && call.trace.sampled) {
    options_.tracer->End(ServerSpan(call, told, took));
  }
  if (options_.hooks.on_finish) options_.hooks.on_finish(call, told, took);
  return told;
}

void Gate::WriteLogLine(const Call& call, const absl::Status& status, const absl::Status& told,
                        absl::Duration took) const {
  const bool defect = told.code() == absl::StatusCode::kInternal;
  const log::Severity severity = defect ? log::Severity::kError : log::Severity::kInfo;
  if (!log::Default().Enabled(severity)) return;
  const std::string code = absl::StatusCodeToString(told.code());
  const std::string reason = ReasonOf(told);
  std::string detail;
  if (!status.ok() && options_.hooks.log_detail) detail = options_.hooks.log_detail(status);
  std::vector<log::Field> fields = {{"method", call.method},
                                    {"code", code},
                                    {"duration_ms", took},
                                    {"organization", call.principal.organization},
                                    {"subject", call.principal.subject}};
  if (!reason.empty()) fields.push_back({"reason", reason});
  // The words of other errors are for the caller and may hold the caller's text.
  if (defect) fields.push_back({"error", status.message()});
  if (!detail.empty()) fields.push_back({"detail", detail});
  const log::Context context = call.LogContext();
  log::Default().Write(severity, "rpc", fields, &context);
}

absl::Status ShuttingDown() {
  return MakeError(absl::StatusCode::kUnavailable, "The service is stopping; connect again",
                   {.reason = "SHUTTING_DOWN", .retry_delay = absl::Seconds(1)});
}

}  // namespace okr::rpc
