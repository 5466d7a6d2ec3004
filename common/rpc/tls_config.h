// The settings of TLS, and what they stand for.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/config/schema.h"
#include "common/rpc/tls_credentials.h"
#include "common/tls/watched.h"

namespace okr::rpc {

struct TlsConfig {
  // Of our server.
  std::string certificate_file;
  std::string key_file;
  std::string client_ca_file;
  ClientCertificates client_certificates = ClientCertificates::kNone;
  // Of our calls to other services.
  std::string services_ca_file;
  std::string services_certificate_file;
  std::string services_key_file;
};

// Adds "tls-certificate-file" and the others; `config` must outlive the schema.
void AddTlsSettings(config::Schema& schema, TlsConfig* config);

// Null without TLS. INVALID_FIELDS that names every wrong setting; `listen` is where the server is
// to serve.
absl::StatusOr<std::shared_ptr<tls::Watched>> OpenServerTls(const TlsConfig& config,
                                                            const std::string& listen);
absl::StatusOr<std::shared_ptr<tls::Watched>> OpenServicesTls(const TlsConfig& config);

}  // namespace okr::rpc
