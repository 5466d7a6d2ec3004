#include "common/metrics/admin_server.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <future>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/digits/digits.h"
#include "common/log/logger.h"
#include "common/status/error.h"

namespace okr::metrics {
namespace {

// Of Prometheus' text format; the other pages are plain text too.
constexpr char kContentType[] = "text/plain; version=0.0.4; charset=utf-8";

bool IsAddress(absl::string_view host) {
  std::array<uint8_t, sizeof(in6_addr)> bytes{};
  if (absl::StartsWith(host, "[") && absl::EndsWith(host, "]")) {
    const std::string inner(host.substr(1, host.size() - 2));
    return inet_pton(AF_INET6, inner.c_str(), bytes.data()) == 1;
  }
  return inet_pton(AF_INET, std::string(host).c_str(), bytes.data()) == 1;
}

// What civetweb has to say is of its connections: who went away, what was no HTTP.
int TakeMessage(const mg_connection*, const char* message) {
  log::Debug("admin port", {{"message", message}});
  return 1;
}

std::string HostOf(absl::string_view listen) {
  absl::string_view host = listen.substr(0, listen.rfind(':'));
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return std::string(host);
}

// Connects and goes away again.
void Knock(const std::string& host, int port) {
  const addrinfo hints{.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
  addrinfo* address = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &address) != 0) return;
  const int knocking = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  // Whether it gets through or not, the thread has been woken, or will be asked again.
  static_cast<void>(connect(knocking, address->ai_addr, address->ai_addrlen));
  close(knocking);
  freeaddrinfo(address);
}

absl::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    default:
      return "Service Unavailable";
  }
}

}  // namespace

std::string CheckAdminListen(absl::string_view listen) {
  if (listen.empty()) return "";
  const size_t colon = listen.rfind(':');
  uint32_t port = 0;
  if (colon != absl::string_view::npos && IsAddress(listen.substr(0, colon)) &&
      ParseDigits(listen.substr(colon + 1), &port) && port <= 65535) {
    return "";
  }
  return "expected host:port with an IP address as the host, e.g. 0.0.0.0:9464 or [::]:9464";
}

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(const std::string& listen,
                                                                Pages pages) {
  auto server = std::unique_ptr<AdminServer>(new AdminServer(listen, std::move(pages)));
  mg_callbacks callbacks{};
  callbacks.begin_request = Serve;
  callbacks.log_message = TakeMessage;
  // Without a document_root nothing but our pages is served.
  const char* options[] = {
      "listening_ports",    listen.c_str(), "num_threads", "4", "enable_keep_alive", "no",
      "request_timeout_ms", "2000",         nullptr};
  server->context_ = mg_start(&callbacks, server.get(), options);
  if (server->context_ != nullptr && server->port() > 0) return server;
  return MakeError(absl::StatusCode::kUnavailable,
                   absl::StrCat("--admin-listen: cannot listen on ", listen,
                                ": the address is in use, or not one of this machine"),
                   {.reason = "SERVICE_UNAVAILABLE"});
}

AdminServer::AdminServer(const std::string& listen, Pages pages)
    : host_(HostOf(listen)), pages_(std::move(pages)) {}

// Before civetweb 1.16 its listening thread looks only every two seconds whether it shall end, or
// when somebody comes.
AdminServer::~AdminServer() {
  if (context_ == nullptr) return;
  const int own_port = port();
  std::promise<void> stopped;
  std::thread stopping([this, &stopped] {
    mg_stop(context_);
    stopped.set_value();
  });
  std::future<void> end = stopped.get_future();
  while (end.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) {
    Knock(host_, own_port);
  }
  stopping.join();
}

int AdminServer::port() const {
  mg_server_port port{};
  return mg_get_server_ports(context_, 1, &port) == 1 ? port.port : 0;
}

int AdminServer::Serve(mg_connection* connection) {
  const mg_request_info& request = *mg_get_request_info(connection);
  const auto& server = *static_cast<const AdminServer*>(request.user_data);
  const Page page = server.Answer(request.request_method, request.local_uri);
  const std::string head = absl::StrCat(
      "HTTP/1.1 ", page.status, " ", ReasonPhrase(page.status), "\r\nContent-Type: ", kContentType,
      "\r\nContent-Length: ", page.body.size(), page.status == 405 ? "\r\nAllow: GET" : "",
      "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
  mg_write(connection, head.data(), head.size());
  mg_write(connection, page.body.data(), page.body.size());
  return page.status;
}

AdminServer::Page AdminServer::Answer(absl::string_view method, absl::string_view path) const {
  const auto page = pages_.find(std::string(path));
  if (page == pages_.end()) return {.status = 404, .body = "there is no such page\n"};
  if (method != "GET") return {.status = 405, .body = "only GET is served\n"};
  return page->second();
}

}  // namespace okr::metrics
