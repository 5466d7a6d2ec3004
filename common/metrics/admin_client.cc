#include "common/metrics/admin_client.h"

#include <civetweb.h>

#include <array>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace okr::metrics {
namespace {

using Message = std::array<char, 256>;

struct CloseConnection {
  void operator()(mg_connection* connection) const { mg_close_connection(connection); }
};
using Connection = std::unique_ptr<mg_connection, CloseConnection>;

// An address for everyone, 0.0.0.0, is this machine for who connects to it.
Connection Connect(const std::string& listen, Message& error) {
  const size_t colon = listen.rfind(':');
  absl::string_view host = absl::string_view(listen).substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  int port = 0;
  if (!absl::SimpleAtoi(absl::string_view(listen).substr(colon + 1), &port)) return nullptr;
  return Connection(
      mg_connect_client(std::string(host).c_str(), port, 0, error.data(), error.size()));
}

std::string ReadBody(mg_connection* connection) {
  Message buffer{};
  std::string body;
  for (int size = 1; size > 0;) {
    size = mg_read(connection, buffer.data(), buffer.size());
    if (size > 0) body.append(buffer.data(), static_cast<size_t>(size));
  }
  return body;
}

}  // namespace

absl::Status AskReadiness(const std::string& listen, absl::Duration patience) {
  Message error{};
  const Connection connection = Connect(listen, error);
  if (connection == nullptr ||
      mg_printf(connection.get(), "GET /readyz HTTP/1.0\r\nHost: %s\r\n\r\n", listen.c_str()) <=
          0 ||
      mg_get_response(connection.get(), error.data(), error.size(),
                      static_cast<int>(absl::ToInt64Milliseconds(patience))) < 0) {
    return absl::UnavailableError(
        absl::StrCat("nobody answers on the admin port ", listen, ": ", error.data()));
  }
  const std::string said = ReadBody(connection.get());
  const int code = mg_get_response_info(connection.get())->status_code;
  if (code == 200) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("not ready: ", absl::StripTrailingAsciiWhitespace(said)));
}

}  // namespace okr::metrics
