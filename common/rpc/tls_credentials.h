// gRPC's credentials from certificates that may be replaced at any time.
#pragma once

#include <memory>

#include "common/tls/watched.h"

namespace grpc {
class ChannelCredentials;
class ServerCredentials;
}  // namespace grpc

namespace okr::rpc {

enum class ClientCertificates {
  kNone,      // Not asked for.
  kOptional,  // Verified where there is one.
  kRequired,
};

// TLS 1.2 or newer. Each new connection gets what the files hold then; connections that are there
// go on. For one listening address; to outlive the server, as gRPC asks it for certificates.
std::shared_ptr<grpc::ServerCredentials> ServerCredentialsOf(std::shared_ptr<tls::Watched> files,
                                                             ClientCertificates clients);

// For channels that are made now; without authorities the system's are believed.
std::shared_ptr<grpc::ChannelCredentials> ChannelCredentialsOf(const tls::Material& material);

}  // namespace okr::rpc
