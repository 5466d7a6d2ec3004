#include "tests/support/span_receiver.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace okr::testing {
namespace {

namespace otlp = ::opentelemetry::proto;

std::string TextOf(const otlp::common::v1::AnyValue& value) {
  return value.has_int_value() ? absl::StrCat(value.int_value()) : value.string_value();
}

std::string AttributeOf(const otlp::resource::v1::Resource& resource, absl::string_view key) {
  for (const otlp::common::v1::KeyValue& attribute : resource.attributes()) {
    if (attribute.key() == key) return TextOf(attribute.value());
  }
  return "";
}

ReceivedSpan ToReceived(const otlp::resource::v1::Resource& resource,
                        const otlp::trace::v1::Span& span) {
  ReceivedSpan received{
      .service = AttributeOf(resource, "service.name"),
      .instance = AttributeOf(resource, "service.instance.id"),
      .version = AttributeOf(resource, "service.version"),
      .trace_id = absl::BytesToHexString(span.trace_id()),
      .span_id = absl::BytesToHexString(span.span_id()),
      .parent_id = absl::BytesToHexString(span.parent_span_id()),
      .name = span.name(),
      .kind = span.kind(),
      .failed = span.status().code() == otlp::trace::v1::Status::STATUS_CODE_ERROR};
  for (const otlp::trace::v1::Span::Link& link : span.links()) {
    received.links.push_back({.trace_id = absl::BytesToHexString(link.trace_id()),
                              .span_id = absl::BytesToHexString(link.span_id())});
  }
  for (const otlp::common::v1::KeyValue& attribute : span.attributes()) {
    received.attributes.push_back(absl::StrCat(attribute.key(), "=", TextOf(attribute.value())));
  }
  return received;
}

}  // namespace

SpanReceiver::SpanReceiver(const std::string& key, const std::string& certificate)
    : tls_(!key.empty()) {
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs = {{.private_key = key, .cert_chain = certificate}};
  grpc::ServerBuilder builder;
  builder.AddListeningPort(
      "127.0.0.1:0", tls_ ? grpc::SslServerCredentials(tls) : grpc::InsecureServerCredentials(),
      &port_);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
}

SpanReceiver::~SpanReceiver() { server_->Shutdown(); }

std::string SpanReceiver::endpoint() const {
  return absl::StrCat(tls_ ? "https" : "http", "://127.0.0.1:", port_);
}

std::vector<ReceivedSpan> SpanReceiver::spans() const {
  const std::lock_guard lock(mutex_);
  return spans_;
}

bool SpanReceiver::Await(const std::function<bool(const std::vector<ReceivedSpan>&)>& holds,
                         absl::Time deadline) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, absl::ToChronoTime(deadline), [&] { return holds(spans_); });
}

grpc::Status SpanReceiver::Export(grpc::ServerContext*, const Request* request, Response*) {
  const std::lock_guard lock(mutex_);
  for (const otlp::trace::v1::ResourceSpans& resource : request->resource_spans()) {
    for (const otlp::trace::v1::ScopeSpans& scope : resource.scope_spans()) {
      for (const otlp::trace::v1::Span& span : scope.spans()) {
        spans_.push_back(ToReceived(resource.resource(), span));
      }
    }
  }
  changed_.notify_all();
  return grpc::Status::OK;
}

}  // namespace okr::testing
