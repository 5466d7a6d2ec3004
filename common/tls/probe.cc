#include "common/tls/probe.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/socket/await_socket.h"

namespace okr::tls {
namespace {

// A socket that closes itself; -1 if there is none.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

// OpenSSL writes to a socket that the server has closed with a signal, which ends a process that
// does not ignore it.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~NoBrokenPipe() {
    const timespec at_once{};
    sigtimedwait(&signal_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

 private:
  sigset_t signal_{};
  sigset_t before_{};
};

struct Target {
  std::string host;  // As the server's certificate is to name it.
  std::string port;
  std::string unix_path;
};

Target ReadAddress(absl::string_view address) {
  if (absl::ConsumePrefix(&address, "unix:")) {
    absl::ConsumePrefix(&address, "//");
    return {.host = "localhost", .unix_path = std::string(address)};
  }
  for (const char* scheme : {"dns:///", "dns:", "ipv4:", "ipv6:"}) {
    if (absl::ConsumePrefix(&address, scheme)) break;
  }
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) return {.host = std::string(address), .port = "443"};
  absl::string_view host = address.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return {.host = std::string(host), .port = std::string(address.substr(colon + 1))};
}

Socket ConnectTo(const sockaddr* address, socklen_t size, int family, absl::Time deadline) {
  Socket socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const bool connected = connect(socket.fd(), address, size) == 0;
  if (!connected &&
      (errno != EINPROGRESS || !AwaitSocket(socket.fd(), {.write = true}, deadline))) {
    return Socket(-1);
  }
  int error = 0;
  socklen_t error_size = sizeof(error);
  getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &error_size);
  return error == 0 ? std::move(socket) : Socket(-1);
}

Socket Connect(const Target& target, absl::Time deadline) {
  if (!target.unix_path.empty()) {
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    if (target.unix_path.size() >= sizeof(address.sun_path)) return Socket(-1);
    target.unix_path.copy(address.sun_path, target.unix_path.size());
    return ConnectTo(reinterpret_cast<const sockaddr*>(&address), sizeof(address), AF_UNIX,
                     deadline);
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(target.host.c_str(), target.port.c_str(), &hints, &found) != 0) return Socket(-1);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  for (const addrinfo* next = found; next != nullptr; next = next->ai_next) {
    Socket socket = ConnectTo(next->ai_addr, next->ai_addrlen, next->ai_family, deadline);
    if (socket.fd() >= 0) return socket;
  }
  return Socket(-1);
}

// One try to shake hands.
class Handshake {
 public:
  Handshake(const ProbeOptions& options, const Target& target, int fd, absl::Time deadline)
      : options_(options), target_(target), deadline_(deadline) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    LoadFiles();
    ssl_.reset(SSL_new(context_.get()));
    SetName();
    constexpr std::array<unsigned char, 3> kH2 = {2, 'h', '2'};
    SSL_set_alpn_protos(ssl_.get(), kH2.data(), kH2.size());
    SSL_set_cert_cb(ssl_.get(), &Handshake::OnRequest, this);
    SSL_set_fd(ssl_.get(), fd);
    fd_ = fd;
  }

  std::string Run() {
    ERR_clear_error();
    const int connected = Pump([this] { return SSL_connect(ssl_.get()); });
    if (!options_.tls) return connected > 0 || IsAlert() ? ServerSpeaksTls() : "";
    if (connected <= 0) return WhyNotConnected();
    // With TLS 1.3 the server judges our certificate after that.
    char byte = 0;
    return Pump([this, &byte] { return SSL_read(ssl_.get(), &byte, 1); }) > 0 ? "" : WhyClosed();
  }

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  static int OnRequest(SSL*, void* self) {
    static_cast<Handshake*>(self)->certificate_wanted_ = true;
    return 1;
  }

  void LoadFiles() {
    SSL_CTX* const context = context_.get();
    const Files& files = options_.files;
    if (files.ca.path.empty()) {
      SSL_CTX_set_default_verify_paths(context);
    } else {
      SSL_CTX_load_verify_locations(context, files.ca.path.c_str(), nullptr);
    }
    if (!files.certificate.path.empty()) {
      SSL_CTX_use_certificate_chain_file(context, files.certificate.path.c_str());
      SSL_CTX_use_PrivateKey_file(context, files.key.path.c_str(), SSL_FILETYPE_PEM);
    }
    SSL_CTX_set_verify(context, options_.tls ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  }

  void SetName() {
    std::array<unsigned char, sizeof(in6_addr)> ignored{};
    const char* const host = target_.host.c_str();
    if (inet_pton(AF_INET, host, ignored.data()) == 1 ||
        inet_pton(AF_INET6, host, ignored.data()) == 1) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host);
    } else {
      SSL_set_tlsext_host_name(ssl_.get(), host);
      SSL_set1_host(ssl_.get(), host);
    }
  }

  // Repeats a step until it is done, has failed, or time is over.
  template <typename Step>
  int Pump(Step step) {
    while (true) {
      const int result = step();
      error_ = SSL_get_error(ssl_.get(), result);
      if (error_ != SSL_ERROR_WANT_READ && error_ != SSL_ERROR_WANT_WRITE) return result;
      const bool write = error_ == SSL_ERROR_WANT_WRITE;
      if (!AwaitSocket(fd_, {.read = !write, .write = write}, deadline_)) return result;
    }
  }

  bool TimeIsOver() const {
    return error_ == SSL_ERROR_WANT_READ || error_ == SSL_ERROR_WANT_WRITE;
  }
  // OpenSSL numbers the alerts that it gets from 1000 on.
  static bool IsAlert() { return ERR_GET_REASON(ERR_peek_error()) > SSL_AD_REASON_OFFSET; }

  static std::string ServerSpeaksTls() {
    return "the server expects TLS; set ca_file (or tls: true where the system knows its "
           "authority)";
  }

  std::string WhyNotConnected() const {
    if (TimeIsOver()) return "the server does not answer the TLS handshake";
    const long verdict = SSL_get_verify_result(ssl_.get());
    if (verdict != X509_V_OK) return WhyNotBelieved(verdict);
    if (IsAlert()) return WhyClosed();
    return "the server speaks no TLS; leave out tls and ca_file, or give the port that does";
  }

  std::string WhyNotBelieved(long verdict) const {
    const std::string authority = options_.files.ca.path.empty()
                                      ? "the system's authorities"
                                      : absl::StrCat("ca_file \"", options_.files.ca.path, "\"");
    switch (verdict) {
      case X509_V_ERR_CERT_HAS_EXPIRED:
        return "the server's certificate has expired; whoever runs it must renew it";
      case X509_V_ERR_CERT_NOT_YET_VALID:
        return "the server's certificate is not valid yet; compare the clocks of both machines";
      case X509_V_ERR_HOSTNAME_MISMATCH:
      case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return absl::StrCat("the server's certificate is not for \"", target_.host,
                            "\"; use the address that it names");
      case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
      case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return absl::StrCat("the server's certificate is of an authority that is not among ",
                            authority, "; set ca_file to that of the installation");
      default:
        return absl::StrCat("the server's certificate is not believed: ",
                            X509_verify_cert_error_string(verdict));
    }
  }

  std::string WhyClosed() const {
    if (TimeIsOver()) return "";
    const bool ours = !options_.files.certificate.path.empty();
    if (!certificate_wanted_) return "";
    if (!ours) {
      return "the server wants a client certificate; set certificate_file and key_file";
    }
    return absl::StrCat("the server does not accept the certificate of certificate_file \"",
                        options_.files.certificate.path,
                        "\"; is it of the right authority, and has it not expired?");
  }

  const ProbeOptions& options_;
  const Target& target_;
  const absl::Time deadline_;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  int fd_ = -1;
  int error_ = SSL_ERROR_NONE;
  bool certificate_wanted_ = false;
};

}  // namespace

std::string ProbeTls(const ProbeOptions& options) {
  const NoBrokenPipe no_broken_pipe;
  const absl::Time deadline = absl::Now() + options.timeout;
  const Target target = ReadAddress(options.address);
  const Socket socket = Connect(target, deadline);
  if (socket.fd() < 0) return "";  // That is what gRPC says, too.
  const std::string found = Handshake(options, target, socket.fd(), deadline).Run();
  ERR_clear_error();
  return found;
}

}  // namespace okr::tls
