#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/postgres/conninfo.h"
#include "common/redis/url.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

// Seeds have it as their password; no refusal may repeat it.
constexpr absl::string_view kSecret = "S3cr3tS3cr3t";

void CheckRefusal(const absl::Status& status) {
  OKR_FUZZ_CHECK(absl::IsInvalidArgument(status), status.ToString());
  OKR_FUZZ_CHECK(!absl::StrContains(status.ToString(), kSecret), status.ToString());
}

std::string ToUrl(const redis::Options& options) {
  if (!options.unix_socket.empty()) return absl::StrCat("unix://", options.unix_socket);
  const bool is_ipv6 = absl::StrContains(options.host, ":") || absl::StrContains(options.host, "%");
  return absl::StrCat(options.tls ? "rediss://" : "redis://", options.username, ":",
                      options.password, "@", is_ipv6 ? "[" : "", options.host, is_ipv6 ? "]" : "",
                      ":", options.port);
}

bool Same(const redis::Options& a, const redis::Options& b) {
  return a.unix_socket == b.unix_socket && a.host == b.host && a.port == b.port &&
         a.username == b.username && a.password == b.password && a.tls == b.tls;
}

void CheckRedis(absl::string_view text) {
  const auto options = redis::ParseUrl(text);
  if (!options.ok()) return CheckRefusal(options.status());
  if (options->unix_socket.empty()) {
    OKR_FUZZ_CHECK(!options->host.empty(), text);
    OKR_FUZZ_CHECK(options->host.find_first_of("/@[] \t\n") == std::string::npos, text);
    OKR_FUZZ_CHECK(options->port >= 1 && options->port <= 65535, text);
  } else {
    OKR_FUZZ_CHECK(options->unix_socket[0] == '/', text);
  }
  const auto again = redis::ParseUrl(ToUrl(*options));
  OKR_FUZZ_CHECK(again.ok() && Same(*again, *options), ToUrl(*options));
}

void CheckConninfo(const std::string& text) {
  auto settings = postgres::ParseConninfo(text);
  const auto changed = postgres::ChangeConninfo(text, {{"user", "o'k\\r"}});
  OKR_FUZZ_CHECK(settings.ok() == changed.ok(), text);
  if (!settings.ok()) return CheckRefusal(settings.status());
  (*settings)["user"] = "o'k\\r";
  const auto again = postgres::ParseConninfo(*changed);
  OKR_FUZZ_CHECK(again.ok() && *again == *settings, *changed);
}

}  // namespace

void ConnectionUrl(absl::string_view input) {
  CheckRedis(input);
  CheckConninfo(std::string(input.substr(0, input.find('\0'))));
}

}  // namespace okr::fuzz
