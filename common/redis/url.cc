#include "common/redis/url.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace okr::redis {
namespace {

absl::Status Malformed() {
  return absl::InvalidArgumentError(
      "expected redis://[[user]:password@]host[:port], rediss://... or unix:///path/to/socket");
}

}  // namespace

absl::StatusOr<Options> ParseUrl(absl::string_view url) {
  Options options;
  if (absl::ConsumePrefix(&url, "unix://")) {
    options.unix_socket = std::string(url);
    return absl::StartsWith(url, "/") ? absl::StatusOr<Options>(options) : Malformed();
  }
  options.tls = absl::ConsumePrefix(&url, "rediss://");
  if (!options.tls && !absl::ConsumePrefix(&url, "redis://")) return Malformed();
  if (const size_t at = url.rfind('@'); at != absl::string_view::npos) {
    const absl::string_view login = url.substr(0, at);
    const size_t colon = login.find(':');
    if (colon == absl::string_view::npos) return Malformed();
    options.username = std::string(login.substr(0, colon));
    options.password = std::string(login.substr(colon + 1));
    url.remove_prefix(at + 1);
  }
  absl::ConsumeSuffix(&url, "/");
  const size_t colon = url.rfind(':');
  const bool has_port = colon != absl::string_view::npos && !absl::EndsWith(url, "]");
  if (has_port && (!absl::SimpleAtoi(url.substr(colon + 1), &options.port) || options.port < 1 ||
                   options.port > 65535)) {
    return Malformed();
  }
  absl::string_view host = has_port ? url.substr(0, colon) : url;
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  options.host = std::string(host);
  return host.empty() ? Malformed() : absl::StatusOr<Options>(options);
}

}  // namespace okr::redis
