// The one file that knows opentelemetry-cpp.
#include <opentelemetry/exporters/otlp/otlp_grpc_exporter_factory.h>
#include <opentelemetry/exporters/otlp/otlp_grpc_exporter_options.h>
#include <opentelemetry/sdk/common/global_log_handler.h>
#include <opentelemetry/sdk/instrumentationscope/instrumentation_scope.h>
#include <opentelemetry/sdk/resource/resource.h>
#include <opentelemetry/sdk/trace/exporter.h>
#include <opentelemetry/sdk/trace/recordable.h>
#include <opentelemetry/trace/span_context.h>
#include <opentelemetry/trace/span_metadata.h>

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "common/log/logger.h"
#include "common/log/rate_limit.h"
#include "common/status/macros.h"
#include "common/trace/endpoint.h"
#include "common/trace/exporter.h"

namespace okr::trace {
namespace {

namespace otel = ::opentelemetry;
namespace internal_log = otel::sdk::common::internal_log;

template <size_t size>
std::array<uint8_t, size> FromHex(const std::string& hex) {
  std::array<uint8_t, size> bytes{};
  const std::string raw = absl::HexStringToBytes(hex);
  if (raw.size() == size) std::copy(raw.begin(), raw.end(), bytes.begin());
  return bytes;
}

otel::trace::SpanId SpanIdOf(const std::string& hex) {
  const std::array<uint8_t, 8> bytes = FromHex<8>(hex);
  return otel::trace::SpanId(otel::nostd::span<const uint8_t, 8>(bytes.data(), 8));
}

otel::trace::SpanContext ContextOf(const TraceContext& context) {
  const std::array<uint8_t, 16> bytes = FromHex<16>(context.trace_id);
  return {otel::trace::TraceId(otel::nostd::span<const uint8_t, 16>(bytes.data(), 16)),
          SpanIdOf(context.span_id), otel::trace::TraceFlags(context.sampled ? 1 : 0),
          /*is_remote=*/false};
}

otel::trace::SpanKind KindOf(Kind kind) {
  switch (kind) {
    case Kind::kServer:
      return otel::trace::SpanKind::kServer;
    case Kind::kClient:
      return otel::trace::SpanKind::kClient;
    case Kind::kConsumer:
      return otel::trace::SpanKind::kConsumer;
    case Kind::kInternal:
      break;
  }
  return otel::trace::SpanKind::kInternal;
}

// What the library has to say goes into our log: errors and warnings only, and not many of them.
class LogHandler final : public internal_log::LogHandler {
 public:
  void Handle(internal_log::LogLevel, const char*, int, const char* message,
              const otel::sdk::common::AttributeMap&) noexcept override {
    if (const auto suppressed = limit_.Allow()) {
      log::Warning("opentelemetry", {{"detail", message}, {"suppressed", *suppressed}});
    }
  }

 private:
  log::RateLimit limit_{absl::Seconds(10)};
};

void TakeOverLogs() {
  internal_log::GlobalLogHandler::SetLogHandler(
      otel::nostd::shared_ptr<internal_log::LogHandler>(new LogHandler));
  internal_log::GlobalLogHandler::SetLogLevel(internal_log::LogLevel::Warning);
}

class OtlpExporter final : public Exporter {
 public:
  OtlpExporter(std::unique_ptr<otel::sdk::trace::SpanExporter> exporter,
               const ExporterOptions& options)
      : exporter_(std::move(exporter)),
        resource_(
            otel::sdk::resource::Resource::Create({{"service.name", options.service},
                                                   {"service.version", options.version},
                                                   {"service.instance.id", options.instance}})),
        scope_(otel::sdk::instrumentationscope::InstrumentationScope::Create("okr",
                                                                             options.version)) {}

  bool Export(const std::vector<Span>& spans) override {
    std::vector<std::unique_ptr<otel::sdk::trace::Recordable>> recordables;
    recordables.reserve(spans.size());
    for (const Span& span : spans) recordables.push_back(Record(span));
    return exporter_->Export({recordables.data(), recordables.size()}) ==
           otel::sdk::common::ExportResult::kSuccess;
  }

 private:
  std::unique_ptr<otel::sdk::trace::Recordable> Record(const Span& span) const {
    std::unique_ptr<otel::sdk::trace::Recordable> record = exporter_->MakeRecordable();
    record->SetIdentity(ContextOf(span.context), SpanIdOf(span.parent_id));
    record->SetTraceFlags(otel::trace::TraceFlags(1));
    record->SetName(span.name);
    record->SetSpanKind(KindOf(span.kind));
    record->SetStartTime(otel::common::SystemTimestamp(absl::ToChronoTime(span.start)));
    record->SetDuration(absl::ToChronoNanoseconds(span.end - span.start));
    for (const Attribute& attribute : span.attributes) {
      if (const auto* text = std::get_if<std::string>(&attribute.value)) {
        record->SetAttribute(attribute.key, otel::nostd::string_view(*text));
      } else {
        record->SetAttribute(attribute.key, std::get<int64_t>(attribute.value));
      }
    }
    for (const TraceContext& link : span.links) record->AddLink(ContextOf(link));
    if (span.failed) record->SetStatus(otel::trace::StatusCode::kError, "");
    record->SetResource(resource_);
    record->SetInstrumentationScope(*scope_);
    return record;
  }

  const std::unique_ptr<otel::sdk::trace::SpanExporter> exporter_;
  const otel::sdk::resource::Resource resource_;
  const otel::nostd::unique_ptr<otel::sdk::instrumentationscope::InstrumentationScope> scope_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Exporter>> MakeOtlpExporter(const ExporterOptions& options) {
  OKR_ASSIGN_OR_RETURN(const bool tls, UsesTls(options.endpoint, options.ca_file));
  TakeOverLogs();
  // All of it is said here: what the library read in its own environment variables is not asked
  // for.
  otel::exporter::otlp::OtlpGrpcExporterOptions to;
  to.endpoint = options.endpoint;
  to.use_ssl_credentials = tls;
  to.ssl_credentials_cacert_path = options.ca_file;
  to.ssl_credentials_cacert_as_string.clear();
  to.timeout = absl::ToChronoMilliseconds(options.timeout);
  to.metadata.clear();
  to.compression = "none";
  to.max_threads = 1;
  return std::make_unique<OtlpExporter>(otel::exporter::otlp::OtlpGrpcExporterFactory::Create(to),
                                        options);
}

}  // namespace okr::trace
