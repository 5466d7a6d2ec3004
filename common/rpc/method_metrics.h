// What is counted of the calls of one method, under the names that gRPC's own middlewares use.
#pragma once

#include <array>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/metrics/registry.h"
#include "common/metrics/values.h"
#include "google/protobuf/descriptor.h"

namespace okr::rpc {

// Thread-safe.
class MethodMetrics {
 public:
  // By this descriptor the series are named; all are there from the start.
  explicit MethodMetrics(const google::protobuf::MethodDescriptor& method) : method_(method) {}

  void Started() {
    started_.Add();
    open_.Add(1);
  }
  // `code` is what the client was told, `took` the time until then; of a stream, until its end.
  void Ended(absl::StatusCode code, absl::Duration took);

  // Must outlive the registry's last Text.
  void ShowIn(metrics::Registry& registry) const;
  // Streams that are open now; zero for other methods.
  int64_t open_streams() const { return method_.server_streaming() ? open_.value() : 0; }

 private:
  static constexpr size_t kCodes = 17;

  const google::protobuf::MethodDescriptor& method_;
  metrics::Counter started_;
  std::array<metrics::Counter, kCodes> handled_;
  metrics::Histogram seconds_{metrics::kCallSeconds};
  metrics::Gauge open_;
};

}  // namespace okr::rpc
