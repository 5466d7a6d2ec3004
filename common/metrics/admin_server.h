// The HTTP server for those who look after a process: Prometheus, kubelet, people with curl.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct mg_connection;
struct mg_context;

namespace okr::metrics {

// Serves GET of a few fixed pages on a few threads of its own; other paths get 404, other methods
// 405. Without TLS and without asking who it is.
class AdminServer {
 public:
  struct Page {
    int status = 200;
    std::string body;
  };
  // By path, e.g. "/livez". Called by several threads at once; must not wait for anything.
  using Pages = std::map<std::string, std::function<Page()>>;

  // UNAVAILABLE, with the setting and its value, if `listen` cannot be bound.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(const std::string& listen, Pages pages);
  // Ends when the pages under way are sent.
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  int port() const;  // The chosen one if `listen` says 0.

 private:
  AdminServer(const std::string& listen, Pages pages);
  static int Serve(mg_connection* connection);
  Page Answer(absl::string_view method, absl::string_view path) const;

  const std::string host_;
  const Pages pages_;
  mg_context* context_ = nullptr;
};

// For the setting: an empty text, or what is wrong with `listen`, which is "host:port" with an
// address of this machine as the host, IPv6 in brackets, or empty for no server.
std::string CheckAdminListen(absl::string_view listen);

}  // namespace okr::metrics
