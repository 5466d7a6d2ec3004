// Instead of otlp_exporter.cc, where opentelemetry-cpp was not found.
#include "absl/status/status.h"
#include "common/trace/exporter.h"

namespace okr::trace {

absl::StatusOr<std::unique_ptr<Exporter>> MakeOtlpExporter(const ExporterOptions& options) {
  return absl::FailedPreconditionError(
      "--otlp-endpoint is set, but this program was built without opentelemetry-cpp and cannot "
      "export spans; build it where opentelemetry-cpp-dev is installed, or leave the setting out");
}

}  // namespace okr::trace
