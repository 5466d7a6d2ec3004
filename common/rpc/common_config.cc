#include "common/rpc/common_config.h"

#include <initializer_list>
#include <utility>

#include "common/metrics/admin_server.h"

namespace okr::rpc {
namespace {

void AddTraceSettings(config::Schema& schema, CommonConfig* config) {
  schema.String("otlp-endpoint", &config->otlp_endpoint)
      .Help("Where spans are sent: http[s]://host:port of OTLP over gRPC; empty for nowhere");
  schema.Path("otlp-ca-file", &config->otlp_ca_file)
      .MustExist()
      .Help("PEM: whom an https otlp-endpoint is trusted by; the system's roots if it is empty");
  schema.Real("trace-sample-ratio", &config->trace_sample_ratio, 0, 1)
      .Help("The share of calls that come without a trace of which spans are sent");
}

}  // namespace

void AddCommonSettings(config::Schema& schema, CommonConfig* config) {
  schema.String("listen", &config->listen).Required().Help("Address to serve on, host:port");
  schema.String("admin-listen", &config->admin_listen)
      .Check(metrics::CheckAdminListen)
      .Help("Address for HTTP GET /metrics, /livez and /readyz, ip:port; empty for none");
  schema.String("database-url", &config->database_url)
      .Required()
      .Secret()
      .Help("PostgreSQL, as the service's runtime role; a libpq connection string or URL");
  schema.String("relay-database-url", &config->relay_database_url)
      .Required()
      .Secret()
      .Help("PostgreSQL, as the service's relay role, which reads the whole event log");
  schema.String("redis-url", &config->redis_url)
      .Required()
      .Secret()
      .Help("Redis that carries the event streams; rediss://... for TLS");
  schema.String("redis-password", &config->redis_password)
      .Secret()
      .Help("Password for Redis, instead of one in redis-url");
  schema.Path("redis-ca-file", &config->redis_ca_file)
      .Help("PEM: the authorities of Redis with rediss://; without it the system's are believed");
  schema.Path("redis-certificate-file", &config->redis_certificate_file)
      .Help("PEM: the client certificate to show to Redis");
  schema.Path("redis-key-file", &config->redis_key_file).Help("PEM: the key of that certificate");
  schema.Path("token-issuers-file", &config->token_issuers_file)
      .Required()
      .MustExist()
      .Help("YAML: whose tokens are believed");
  schema.String("page-token-key", &config->page_token_key)
      .Required()
      .Secret()
      .Help("Signs page tokens: at least 32 random characters, the same in all replicas");
  schema.Path("service-token-file", &config->service_token_file)
      .Required()
      .Help("The token with which this service calls the others; may be replaced at any time");
  const std::initializer_list<std::pair<const char*, std::string*>> addresses = {
      {"goals-address", &config->goals_address},
      {"checkins-address", &config->checkins_address},
      {"scoring-address", &config->scoring_address},
      {"notifications-address", &config->notifications_address}};
  for (const auto& [name, member] : addresses) {
    schema.String(name, member).Required().Help("Where that service is, host:port or dns:///name");
  }
  schema
      .Enum<log::Severity>("log-level", &config->log_level,
                           {{"debug", log::Severity::kDebug},
                            {"info", log::Severity::kInfo},
                            {"warning", log::Severity::kWarning},
                            {"error", log::Severity::kError}})
      .Help("The least severity of log lines");
  schema
      .Duration("shutdown-delay", &config->shutdown_delay, absl::ZeroDuration(), absl::Minutes(10))
      .Help("How long to serve on after SIGTERM, NOT_SERVING, until load balancers have noticed");
  schema.Duration("drain", &config->drain, absl::ZeroDuration(), absl::Minutes(10))
      .Help("How long running calls may take after SIGTERM and the shutdown-delay");
  AddTraceSettings(schema, config);
  AddTlsSettings(schema, &config->tls);
}

}  // namespace okr::rpc
