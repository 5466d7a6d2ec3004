#include "common/redis/url.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/digits/digits.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/tls/files.h"

namespace okr::redis {
namespace {

absl::Status Malformed() {
  return absl::InvalidArgumentError(
      "expected redis://[[user]:password@]host[:port], rediss://... or unix:///path/to/socket");
}

bool HasOnly(absl::string_view text, absl::string_view punctuation) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [punctuation](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains(punctuation, c);
  });
}

// Host and port of "host[:port]"; an IPv6 address stands in brackets. False if it is none.
bool ReadAddress(absl::string_view address, Options* options) {
  absl::string_view host = address.substr(0, address.find(':'));
  absl::string_view port = address.substr(host.size());
  const bool in_brackets = absl::ConsumePrefix(&address, "[");
  if (in_brackets) {
    const size_t end = address.find(']');
    if (end == absl::string_view::npos) return false;
    host = address.substr(0, end);
    port = address.substr(end + 1);
  }
  if (!HasOnly(host, in_brackets ? ":.%-_" : ".-_")) return false;
  options->host = std::string(host);
  if (port.empty()) return true;
  return absl::ConsumePrefix(&port, ":") && ParseDigits(port, &options->port) &&
         options->port >= 1 && options->port <= 65535;
}

// Without TLS they would be of no effect, and nobody would notice.
absl::Status RefuseFiles(const tls::Files& files) {
  Violations violations;
  for (const tls::File* file : {&files.certificate, &files.key, &files.ca}) {
    if (file->path.empty()) continue;
    violations.Add(file->setting, absl::StrCat("\"", file->path,
                                               "\" is for TLS only; use it with a "
                                               "redis-url that begins with rediss://"));
  }
  return violations.ToStatus();
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
  return ReadAddress(url, &options) ? absl::StatusOr<Options>(options) : Malformed();
}

absl::StatusOr<Options> ReadSettings(const Settings& settings) {
  absl::StatusOr<Options> options = ParseUrl(settings.url);
  if (!options.ok())
    return InvalidFields({{"--redis-url", std::string(options.status().message())}});
  if (!settings.password.empty()) options->password = settings.password;
  if (absl::Status status = Validate(*options); !status.ok()) {
    return InvalidFields({{"--redis-url", std::string(status.message())}});
  }
  const tls::Files files = {.certificate = {"--redis-certificate-file", settings.certificate_file},
                            .key = {"--redis-key-file", settings.key_file},
                            .ca = {"--redis-ca-file", settings.ca_file}};
  OKR_RETURN_IF_ERROR(options->tls ? tls::Read(files).status() : RefuseFiles(files));
  options->tls_ca_file = settings.ca_file;
  options->tls_certificate_file = settings.certificate_file;
  options->tls_key_file = settings.key_file;
  return options;
}

}  // namespace okr::redis
