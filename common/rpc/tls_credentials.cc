#include "common/rpc/tls_credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <mutex>
#include <string>
#include <utility>

namespace okr::rpc {
namespace {

grpc_ssl_client_certificate_request_type RequestType(ClientCertificates clients) {
  switch (clients) {
    case ClientCertificates::kNone:
      return GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
    case ClientCertificates::kOptional:
      return GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY;
    case ClientCertificates::kRequired:
      return GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
}

// gRPC 1.51 asks for the certificate at each handshake, if it is given a function to ask: the only
// way of its several ones to reload that keeps what it has where the new one is broken. The C++
// interface has none to it, the C interface does. A handshake that begins while another one brings
// a new certificate may use the old one after it was freed; handshakes of one listener begin one
// after the other, hence one listening address.
class ReloadingCredentials final : public grpc::ServerCredentials {
 public:
  ReloadingCredentials(std::shared_ptr<tls::Watched> files, ClientCertificates clients)
      : files_(std::move(files)),
        credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(RequestType(clients),
                                                                            &Fetch, this))) {}
  ~ReloadingCredentials() override { grpc_server_credentials_release(credentials_); }
  ReloadingCredentials(const ReloadingCredentials&) = delete;
  ReloadingCredentials& operator=(const ReloadingCredentials&) = delete;

  // Tokens are verified by the gate.
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    return static_cast<ReloadingCredentials*>(self)->Give(config);
  }

  grpc_ssl_certificate_config_reload_status Give(grpc_ssl_server_certificate_config** config) {
    std::shared_ptr<const tls::Material> material = files_->Now();
    const std::lock_guard lock(mutex_);
    if (material == given_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    given_ = std::move(material);
    const grpc_ssl_pem_key_cert_pair pair = {given_->key.c_str(), given_->certificate.c_str()};
    // gRPC demands authorities here, also where clients are never asked for a certificate.
    const std::string& roots = given_->ca.empty() ? given_->certificate : given_->ca;
    *config = grpc_ssl_server_certificate_config_create(roots.c_str(), &pair, 1);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  const std::shared_ptr<tls::Watched> files_;
  std::mutex mutex_;
  std::shared_ptr<const tls::Material> given_;
  grpc_server_credentials* const credentials_;
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> ServerCredentialsOf(std::shared_ptr<tls::Watched> files,
                                                             ClientCertificates clients) {
  return std::make_shared<ReloadingCredentials>(std::move(files), clients);
}

std::shared_ptr<grpc::ChannelCredentials> ChannelCredentialsOf(const tls::Material& material) {
  return grpc::SslCredentials({.pem_root_certs = material.ca,
                               .pem_private_key = material.key,
                               .pem_cert_chain = material.certificate});
}

}  // namespace okr::rpc
