#include "common/rpc/rpc_span.h"

#include <string>

#include "common/status/error.h"

namespace okr::rpc {
namespace {

void AddRpcAttributes(absl::string_view method, const absl::Status& status, trace::Span* span) {
  const size_t slash = method.find('/');
  span->name = std::string(method);
  span->attributes = {
      {"rpc.system", "grpc"},
      {"rpc.service", std::string(method.substr(0, slash))},
      {"rpc.method", std::string(method.substr(slash + 1))},
      {"rpc.grpc.status_code", static_cast<int64_t>(status.raw_code())},
  };
  if (std::string reason = ReasonOf(status); !reason.empty()) {
    span->attributes.push_back({"error.type", std::move(reason)});
  }
}

// What is the server's fault, by the semantic conventions.
bool IsFault(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
      return true;
    default:
      return false;
  }
}

}  // namespace

trace::Span ServerSpan(const Call& call, const absl::Status& told, absl::Duration took) {
  trace::Span span{.context = call.trace,
                   .parent_id = call.parent_span_id,
                   .kind = trace::Kind::kServer,
                   .start = call.now,
                   .end = call.now + took,
                   .failed = IsFault(told.code())};
  AddRpcAttributes(call.method, told, &span);
  span.attributes.push_back({"okr.organization", call.principal.organization});
  return span;
}

trace::Span ClientSpan(absl::string_view method, const TraceContext& parent,
                       const TraceContext& own, const absl::Status& status, absl::Time start,
                       absl::Time end) {
  trace::Span span{.context = own,
                   .parent_id = parent.span_id,
                   .kind = trace::Kind::kClient,
                   .start = start,
                   .end = end,
                   .failed = !status.ok()};
  AddRpcAttributes(method.substr(1), status, &span);
  return span;
}

}  // namespace okr::rpc
