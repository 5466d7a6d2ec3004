#include "common/rpc/tls_config.h"

#include <arpa/inet.h>

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::rpc {
namespace {

// A name may stand for several addresses, of which each would have a listener of its own; see
// ServerCredentialsOf.
bool IsOneAddress(absl::string_view listen) {
  if (absl::StartsWith(listen, "unix:")) return true;
  absl::string_view host = listen.substr(0, listen.rfind(':'));
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  const std::string text(host);
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return inet_pton(AF_INET, text.c_str(), ignored.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), ignored.data()) == 1;
}

void CheckClientSettings(const TlsConfig& config, Violations* violations) {
  const bool asks = config.client_certificates != ClientCertificates::kNone;
  if (asks && config.client_ca_file.empty()) {
    violations->Add("--tls-client-ca-file",
                    "is missing while --tls-client-certificates is optional or required; give the "
                    "authorities of the clients, or set that to none");
  }
  if (!asks && !config.client_ca_file.empty()) {
    violations->Add("--tls-client-ca-file",
                    absl::StrCat("\"", config.client_ca_file,
                                 "\" has no effect while --tls-client-certificates is none; set "
                                 "that to optional or required"));
  }
  if (config.certificate_file.empty() && config.key_file.empty() &&
      (asks || !config.client_ca_file.empty())) {
    violations->Add("--tls-certificate-file",
                    "is missing; client certificates need a server that speaks TLS: set "
                    "--tls-certificate-file and --tls-key-file");
  }
}

}  // namespace

void AddTlsSettings(config::Schema& schema, TlsConfig* config) {
  schema.Path("tls-certificate-file", &config->certificate_file)
      .Help("PEM: the certificate to serve with, its chain after it; without it no TLS is spoken");
  schema.Path("tls-key-file", &config->key_file).Help("PEM: the key of that certificate");
  schema.Path("tls-client-ca-file", &config->client_ca_file)
      .Help("PEM: the authorities whose client certificates are believed");
  schema
      .Enum<ClientCertificates>("tls-client-certificates", &config->client_certificates,
                                {{"none", ClientCertificates::kNone},
                                 {"optional", ClientCertificates::kOptional},
                                 {"required", ClientCertificates::kRequired}})
      .Help("Whether clients must show a certificate; a wrong one is refused in any case");
  schema.Path("services-ca-file", &config->services_ca_file)
      .Help("PEM: the authorities of the other services; set, calls to them use TLS");
  schema.Path("services-certificate-file", &config->services_certificate_file)
      .Help("PEM: the client certificate to show to the other services");
  schema.Path("services-key-file", &config->services_key_file)
      .Help("PEM: the key of that certificate");
}

absl::StatusOr<std::shared_ptr<tls::Watched>> OpenServerTls(const TlsConfig& config,
                                                            const std::string& listen) {
  Violations violations;
  CheckClientSettings(config, &violations);
  const bool on = !config.certificate_file.empty() || !config.key_file.empty();
  if (on && !IsOneAddress(listen)) {
    violations.Add("--listen", absl::StrCat("\"", listen,
                                            "\" is no IP address, which TLS needs here; use "
                                            "e.g. 0.0.0.0:7443 or [::]:7443"));
  }
  OKR_RETURN_IF_ERROR(violations.ToStatus());
  if (!on) return nullptr;
  return tls::Watched::Open("server",
                            {.certificate = {"--tls-certificate-file", config.certificate_file},
                             .key = {"--tls-key-file", config.key_file},
                             .ca = {"--tls-client-ca-file", config.client_ca_file}});
}

absl::StatusOr<std::shared_ptr<tls::Watched>> OpenServicesTls(const TlsConfig& config) {
  if (config.services_ca_file.empty()) {
    if (config.services_certificate_file.empty() && config.services_key_file.empty()) {
      return nullptr;
    }
    return InvalidFields({{"--services-ca-file",
                           "is missing; a client certificate is shown over TLS only: give the "
                           "authorities of the other services"}});
  }
  return tls::Watched::Open(
      "client", {.certificate = {"--services-certificate-file", config.services_certificate_file},
                 .key = {"--services-key-file", config.services_key_file},
                 .ca = {"--services-ca-file", config.services_ca_file}});
}

}  // namespace okr::rpc
