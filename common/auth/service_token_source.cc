#include "common/auth/service_token_source.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/auth/token_text.h"
#include "common/auth/watched_file.h"
#include "common/status/error.h"

namespace okr::auth {
namespace {

constexpr absl::Duration kLookInterval = absl::Seconds(1);

}  // namespace

ServiceTokenSource::ServiceTokenSource(std::string path, const Clock& clock)
    : path_(std::move(path)), clock_(clock) {}

absl::StatusOr<std::string> ServiceTokenSource::Token() {
  const absl::Time now = clock_.Now();
  const std::lock_guard lock(mutex_);
  if (now >= next_look_) {
    next_look_ = now + kLookInterval;
    Read();
  }
  if (!token_.empty()) return token_;
  return MakeError(absl::StatusCode::kUnavailable,
                   absl::StrCat("no service token can be read from ", path_),
                   {.reason = "SERVICE_UNAVAILABLE", .retry_delay = kLookInterval});
}

void ServiceTokenSource::Read() {
  std::string stamp = FileStamp(path_);
  if (stamp == stamp_) return;
  const auto content = ReadSmallFile(path_, kMaxTokenSize + 2);
  if (!content.ok()) return;
  const absl::string_view token = absl::StripAsciiWhitespace(*content);
  if (token.empty()) return;  // It is being written; its stamp will change once more.
  token_ = std::string(token);
  stamp_ = std::move(stamp);
}

}  // namespace okr::auth
