#include "common/redis/tls.h"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <hiredis/hiredis_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/redis/connection.h"
#include "common/socket/await_socket.h"
#include "common/status/macros.h"

namespace okr::redis {
namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSession {
  void operator()(SSL* session) const { SSL_free(session); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;
using Session = std::unique_ptr<SSL, FreeSession>;

absl::Status Failed(absl::string_view what) {
  const unsigned long error = ERR_peek_last_error();
  const char* const reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  absl::Status status = absl::UnavailableError(
      absl::StrCat("TLS: ", what, reason == nullptr ? "" : ": ", reason == nullptr ? "" : reason));
  ERR_clear_error();
  return status;
}

// Read anew for each connection, so that replaced files are in use from the next one on.
absl::StatusOr<Context> MakeContext(const Options& options) {
  Context context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) return Failed("OpenSSL cannot start");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (options.tls_ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context.get());
  } else if (SSL_CTX_load_verify_locations(context.get(), options.tls_ca_file.c_str(), nullptr) !=
             1) {
    return Failed(absl::StrCat("cannot use ", options.tls_ca_file));
  }
  if (options.tls_certificate_file.empty()) return context;
  if (SSL_CTX_use_certificate_chain_file(context.get(), options.tls_certificate_file.c_str()) !=
          1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), options.tls_key_file.c_str(), SSL_FILETYPE_PEM) !=
          1) {
    return Failed(
        absl::StrCat("cannot use ", options.tls_certificate_file, " with ", options.tls_key_file));
  }
  return context;
}

// What the server's certificate must be for.
bool SetName(SSL* session, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  if (inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
      inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1;
  }
  return SSL_set_tlsext_host_name(session, host.c_str()) == 1 &&
         SSL_set1_host(session, host.c_str()) == 1;
}

absl::Status HandshakeFailed(SSL* session) {
  const long verdict = SSL_get_verify_result(session);
  if (verdict == X509_V_OK) return Failed("the handshake failed; does the server speak TLS?");
  ERR_clear_error();
  return Failed(absl::StrCat("the server's certificate is not believed: ",
                             X509_verify_cert_error_string(verdict)));
}

// hiredis begins the handshake; where the socket does not block, who waits must go on with it.
absl::Status FinishHandshake(SSL* session, int socket, absl::Time deadline) {
  while (true) {
    ERR_clear_error();
    const int result = SSL_do_handshake(session);
    if (result == 1) return absl::OkStatus();
    const int error = SSL_get_error(session, result);
    const bool write = error == SSL_ERROR_WANT_WRITE;
    if (!write && error != SSL_ERROR_WANT_READ) return HandshakeFailed(session);
    if (!AwaitSocket(socket, {.read = !write, .write = write}, deadline)) {
      return Failed("the handshake was not answered in time; does the server speak TLS?");
    }
  }
}

}  // namespace

bool HasTls() { return true; }

absl::StatusOr<ssl_st*> StartTls(redisContext* context, const Options& options,
                                 absl::Time deadline) {
  ERR_clear_error();
  OKR_ASSIGN_OR_RETURN(const Context tls, MakeContext(options));
  Session session(SSL_new(tls.get()));
  if (session == nullptr || !SetName(session.get(), options.host)) {
    return Failed("OpenSSL cannot start");
  }
  if (redisInitiateSSL(context, session.get()) != REDIS_OK) return HandshakeFailed(session.get());
  SSL* const owned = session.release();
  OKR_RETURN_IF_ERROR(FinishHandshake(owned, context->fd, deadline));
  return owned;
}

bool HasBufferedBytes(ssl_st* session) { return SSL_pending(session) > 0; }

bool IsAlive(ssl_st* session) {
  char byte = 0;
  ERR_clear_error();
  const int result = SSL_peek(session, &byte, 1);
  // What comes with TLS 1.3 after the handshake is no reply, and no end.
  const bool alive = result <= 0 && SSL_get_error(session, result) == SSL_ERROR_WANT_READ;
  ERR_clear_error();
  return alive;
}

}  // namespace okr::redis
