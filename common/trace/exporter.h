// How spans leave the process.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/trace/tracer.h"

namespace okr::trace {

// Of one thread.
class Exporter {
 public:
  virtual ~Exporter() = default;
  // Blocks until the spans were taken, or were not: then false, and they are lost.
  virtual bool Export(const std::vector<Span>& spans) = 0;
};

struct ExporterOptions {
  std::string endpoint;  // "http://host:port" or "https://host:port", OTLP over gRPC.
  std::string ca_file;   // PEM, for https; empty for the roots of the system.
  absl::Duration timeout = absl::Seconds(3);  // Of one export.
  // What made the spans.
  std::string service;
  std::string version;
  std::string instance;
};

using MakeExporter = absl::StatusOr<std::unique_ptr<Exporter>> (*)(const ExporterOptions& options);

// By opentelemetry-cpp. INVALID_ARGUMENT if the endpoint is none; FAILED_PRECONDITION in a build
// without opentelemetry-cpp.
absl::StatusOr<std::unique_ptr<Exporter>> MakeOtlpExporter(const ExporterOptions& options);

}  // namespace okr::trace
