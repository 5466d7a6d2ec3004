#include "tests/contract/raw_http2.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/strip.h"

namespace okr::contract {
namespace {

constexpr size_t kMaxFrame = 16'384;
constexpr uint8_t kHeaders = 1;
constexpr uint8_t kSettings = 4;
constexpr uint8_t kContinuation = 9;
constexpr uint8_t kEndHeaders = 4;

std::string Frame(uint8_t type, uint8_t flags, uint32_t stream, absl::string_view payload) {
  const auto size = static_cast<uint32_t>(payload.size());
  std::string frame;
  for (const int shift : {16, 8, 0}) frame.push_back(static_cast<char>(size >> shift));
  frame.push_back(static_cast<char>(type));
  frame.push_back(static_cast<char>(flags));
  for (const int shift : {24, 16, 8, 0}) frame.push_back(static_cast<char>(stream >> shift));
  frame.append(payload.data(), payload.size());
  return frame;
}

// RFC 7541, 5.1 and 5.2: a string without Huffman code.
void AppendText(std::string& block, absl::string_view text) {
  size_t rest = text.size();
  if (rest < 127) {
    block.push_back(static_cast<char>(rest));
  } else {
    block.push_back(127);
    for (rest -= 127; rest >= 128; rest /= 128) {
      block.push_back(static_cast<char>(rest % 128 + 128));
    }
    block.push_back(static_cast<char>(rest));
  }
  block.append(text.data(), text.size());
}

int Connect(const std::string& address) {
  const std::string path(absl::StripPrefix(address, "unix:"));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, path.c_str(), sizeof(name.sun_path) - 1);
  const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(connection, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0) {
    return connection;
  }
  close(connection);
  return -1;
}

}  // namespace

Headers CallHeaders(absl::string_view method) {
  return {{":method", "POST"},         {":scheme", "http"}, {":path", std::string(method)},
          {":authority", "localhost"}, {"te", "trailers"},  {"content-type", "application/grpc"}};
}

std::string Http2Request(const Headers& headers, bool indexed) {
  std::string block;
  for (const auto& [name, value] : headers) {
    block.push_back(indexed ? 0x40 : 0);  // RFC 7541, 6.2: a literal with a new name.
    AppendText(block, name);
    AppendText(block, value);
  }
  std::string bytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0, "");
  for (size_t from = 0; from < block.size(); from += kMaxFrame) {
    const bool last = from + kMaxFrame >= block.size();
    bytes += Frame(from == 0 ? kHeaders : kContinuation, last ? kEndHeaders : 0, 1,
                   absl::string_view(block).substr(from, kMaxFrame));
  }
  return bytes;
}

std::string Exchange(const std::string& address, absl::string_view bytes, absl::Duration patience) {
  const int connection = Connect(address);
  if (connection < 0) return "";
  while (!bytes.empty()) {
    const ssize_t sent = send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;  // Closed already: what came before can still be read.
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  std::string answer;
  char buffer[4096];
  pollfd readable = {.fd = connection, .events = POLLIN, .revents = 0};
  while (poll(&readable, 1, static_cast<int>(absl::ToInt64Milliseconds(patience))) == 1) {
    const ssize_t received = recv(connection, buffer, sizeof(buffer), 0);
    if (received <= 0) break;
    answer.append(buffer, static_cast<size_t>(received));
  }
  close(connection);
  return answer;
}

}  // namespace okr::contract
