#include "common/testing/https_server.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace okr::testing {
namespace {

// The context takes references of its own.
bool UsePem(SSL_CTX* context, const IssuedCertificate& issued) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> certificate(
      BIO_new_mem_buf(issued.certificate.data(), static_cast<int>(issued.certificate.size())),
      &BIO_free_all);
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> key(
      BIO_new_mem_buf(issued.key.data(), static_cast<int>(issued.key.size())), &BIO_free_all);
  const std::unique_ptr<X509, decltype(&X509_free)> x509(
      PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr), &X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pkey(
      PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  return SSL_CTX_use_certificate(context, x509.get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, pkey.get()) == 1;
}

}  // namespace

struct HttpsServer::Impl {
  ~Impl() {
    shutdown(listener, SHUT_RDWR);
    if (thread.joinable()) thread.join();
    close(listener);
  }

  void Run() {
    for (int peer = 0; (peer = accept(listener, nullptr, nullptr)) >= 0; close(peer)) {
      const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context.get()), &SSL_free);
      SSL_set_fd(session.get(), peer);
      if (SSL_accept(session.get()) == 1) Answer(session.get());
    }
  }

  void Answer(SSL* session) {
    std::string request;
    std::array<char, 4096> part{};
    while (!absl::StrContains(request, "\r\n\r\n")) {
      const int size = SSL_read(session, part.data(), part.size());
      if (size <= 0) return;
      request.append(part.data(), static_cast<size_t>(size));
    }
    {
      const std::lock_guard lock(mutex);
      last_request = request;
    }
    const std::string answer = absl::StrCat(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
    SSL_write(session, answer.data(), static_cast<int>(answer.size()));
    SSL_shutdown(session);
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_server_method()),
                                                            &SSL_CTX_free};
  std::string body;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port = 0;
  mutable std::mutex mutex;
  std::string last_request;  // Guarded by `mutex`.
  std::thread thread;
};

HttpsServer::HttpsServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpsServer::~HttpsServer() = default;

absl::StatusOr<std::unique_ptr<HttpsServer>> HttpsServer::Start(const IssuedCertificate& issued,
                                                                std::string body) {
  auto impl = std::make_unique<Impl>();
  impl->body = std::move(body);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (!UsePem(impl->context.get(), issued) ||
      bind(impl->listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(impl->listener, 8) != 0 ||
      getsockname(impl->listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return absl::InternalError("the HTTPS server cannot be started");
  }
  impl->port = ntohs(address.sin_port);
  impl->thread = std::thread([raw = impl.get()] { raw->Run(); });
  return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(impl)));
}

int HttpsServer::port() const { return impl_->port; }

std::string HttpsServer::last_request() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->last_request;
}

}  // namespace okr::testing
