// The settings that the services have in common.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/config/schema.h"
#include "common/log/logger.h"
#include "common/rpc/tls_config.h"

namespace okr::rpc {

struct CommonConfig {
  std::string listen = "0.0.0.0:7443";
  std::string admin_listen;  // Empty: no admin port.
  std::string database_url;
  std::string relay_database_url;
  std::string redis_url;
  std::string redis_password;  // The password itself, also from --redis-password-file.
  std::string redis_ca_file;
  std::string redis_certificate_file;
  std::string redis_key_file;
  std::string token_issuers_file;
  std::string page_token_key;  // The key itself, also from --page-token-key-file.
  std::string service_token_file;
  std::string goals_address = "127.0.0.1:7443";
  std::string checkins_address = "127.0.0.1:7444";
  std::string scoring_address = "127.0.0.1:7445";
  std::string notifications_address = "127.0.0.1:7446";
  log::Severity log_level = log::Severity::kInfo;
  absl::Duration shutdown_delay = absl::ZeroDuration();
  absl::Duration drain = absl::Seconds(20);
  std::string otlp_endpoint;  // Empty: no spans leave the process.
  std::string otlp_ca_file;
  double trace_sample_ratio = 1;
  TlsConfig tls;
};

// Adds "listen", "database-url" and the others; `config` must outlive the schema.
void AddCommonSettings(config::Schema& schema, CommonConfig* config);

}  // namespace okr::rpc
