#include "common/testing/http_get.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/socket/await_socket.h"

namespace okr::testing {
namespace {

class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

absl::Status Trouble(absl::string_view what) {
  return absl::UnavailableError(absl::StrCat(what, ": ", std::strerror(errno)));
}

absl::StatusOr<std::string> ReadAll(int fd, absl::Time deadline) {
  std::string text;
  std::array<char, 4096> part{};
  while (AwaitSocket(fd, {.read = true}, deadline)) {
    const ssize_t size = recv(fd, part.data(), part.size(), 0);
    if (size < 0) return Trouble("recv");
    if (size == 0) return text;
    text.append(part.data(), static_cast<size_t>(size));
  }
  return absl::UnavailableError("no answer in time");
}

}  // namespace

absl::StatusOr<HttpAnswer> HttpRequest(int port, const std::string& method, const std::string& path,
                                       absl::Duration patience) {
  const Socket socket;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return Trouble("connect");
  }
  const std::string request = absl::StrCat(method, " ", path, " HTTP/1.1\r\nHost: localhost\r\n",
                                           "Content-Length: 0\r\nConnection: close\r\n\r\n");
  if (send(socket.fd(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return Trouble("send");
  absl::StatusOr<std::string> text = ReadAll(socket.fd(), absl::Now() + patience);
  if (!text.ok()) return text.status();
  const size_t end = text->find("\r\n\r\n");
  HttpAnswer answer;
  if (end == std::string::npos || !absl::SimpleAtoi(text->substr(9, 3), &answer.status)) {
    return absl::UnavailableError(absl::StrCat("this is no HTTP: ", *text));
  }
  answer.head = text->substr(0, end);
  answer.body = text->substr(end + 4);
  return answer;
}

absl::StatusOr<HttpAnswer> HttpGet(int port, const std::string& path, absl::Duration patience) {
  return HttpRequest(port, "GET", path, patience);
}

int AdminPortIn(absl::string_view log) {
  constexpr absl::string_view kPort = "\"port\":";
  const size_t line = log.rfind("admin port open");
  if (line == absl::string_view::npos) return 0;
  const size_t field = log.find(kPort, line);
  if (field == absl::string_view::npos) return 0;
  int port = 0;
  for (const char digit : log.substr(field + kPort.size())) {
    if (!absl::ascii_isdigit(digit)) break;
    port = port * 10 + (digit - '0');
  }
  return port;
}

}  // namespace okr::testing
