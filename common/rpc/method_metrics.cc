#include "common/rpc/method_metrics.h"

#include <algorithm>
#include <string>

namespace okr::rpc {
namespace {

// As gRPC for Go writes them, which dashboards know; by their numbers.
constexpr std::array<const char*, 17> kCodeNames = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

constexpr metrics::Metric kStarted{"grpc_server_started_total", "Calls that came in"};
constexpr metrics::Metric kHandled{"grpc_server_handled_total", "Calls that ended, by their code"};
constexpr metrics::Metric kHandlingSeconds{"grpc_server_handling_seconds",
                                           "Time from a call's begin to its end"};

}  // namespace

void MethodMetrics::Ended(absl::StatusCode code, absl::Duration took) {
  const auto number = static_cast<size_t>(code);
  handled_[number < kCodes ? number : static_cast<size_t>(absl::StatusCode::kUnknown)].Add();
  seconds_.Observe(took);
  open_.Add(-1);
}

void MethodMetrics::ShowIn(metrics::Registry& registry) const {
  const metrics::Labels labels = {
      {"grpc_type", method_.server_streaming() ? "server_stream" : "unary"},
      {"grpc_service", method_.service()->full_name()},
      {"grpc_method", method_.name()}};
  registry.Show(kStarted, labels, started_);
  registry.Show(kHandlingSeconds, labels, seconds_);
  for (size_t code = 0; code < kCodes; ++code) {
    metrics::Labels with_code = labels;
    with_code.emplace_back("grpc_code", kCodeNames[code]);
    registry.Show(kHandled, with_code, handled_[code]);
  }
}

}  // namespace okr::rpc
