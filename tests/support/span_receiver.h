// A collector of spans: OTLP over gRPC, as a collector in production receives it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"

namespace okr::testing {

// Ids are lower-case hexadecimal.
struct SpanLink {
  std::string trace_id;
  std::string span_id;
};

struct ReceivedSpan {
  std::string service;
  std::string instance;
  std::string version;
  std::string trace_id;
  std::string span_id;
  std::string parent_id;
  std::string name;
  opentelemetry::proto::trace::v1::Span::SpanKind kind;
  bool failed = false;
  std::vector<SpanLink> links;
  std::vector<std::string> attributes;  // "key=value".
};

// Thread-safe.
class SpanReceiver final
    : public opentelemetry::proto::collector::trace::v1::TraceService::Service {
 public:
  // With a key and its certificate, both PEM, it speaks TLS.
  explicit SpanReceiver(const std::string& key = "", const std::string& certificate = "");
  ~SpanReceiver() override;

  std::string endpoint() const;  // "http://127.0.0.1:port", or https.
  std::vector<ReceivedSpan> spans() const;
  // Waits until `holds` is true of what came so far; false at the deadline.
  bool Await(const std::function<bool(const std::vector<ReceivedSpan>&)>& holds,
             absl::Time deadline) const;

 private:
  using Request = opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;
  using Response = opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse;

  grpc::Status Export(grpc::ServerContext* context, const Request* request,
                      Response* response) override;

  const bool tls_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<ReceivedSpan> spans_;
};

}  // namespace okr::testing
