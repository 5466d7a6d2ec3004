#include "common/trace/endpoint.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace okr::trace {
namespace {

bool IsHostAndPort(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos || colon == 0) return false;
  int port = 0;
  const absl::string_view host = address.substr(0, colon);
  return absl::SimpleAtoi(address.substr(colon + 1), &port) && port >= 1 && port <= 65535 &&
         std::all_of(host.begin(), host.end(),
                     [](char c) { return absl::ascii_isalnum(c) || absl::StrContains(".-_", c); });
}

}  // namespace

absl::StatusOr<bool> UsesTls(absl::string_view endpoint, absl::string_view ca_file) {
  absl::string_view address = endpoint;
  const bool tls = absl::ConsumePrefix(&address, "https://");
  if ((!tls && !absl::ConsumePrefix(&address, "http://")) || !IsHostAndPort(address)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--otlp-endpoint: is \"", endpoint,
        "\"; expected http://host:port or https://host:port of OTLP over gRPC, as a rule 4317"));
  }
  if (!tls && !ca_file.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--otlp-ca-file: is \"", ca_file,
        "\", but --otlp-endpoint has no TLS; leave it out, or use an https:// endpoint"));
  }
  return tls;
}

}  // namespace okr::trace
