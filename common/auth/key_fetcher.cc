#include "common/auth/key_fetcher.h"

#include <curl/curl.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/auth/watched_file.h"

namespace okr::auth {
namespace {

constexpr size_t kMaxSize = 1 << 20;

class FileFetcher final : public KeyFetcher {
 public:
  explicit FileFetcher(absl::string_view path) : path_(path) {}
  absl::StatusOr<std::string> Fetch() override { return ReadSmallFile(path_, kMaxSize); }
  bool IsLocal() const override { return true; }
  std::string Stamp() override { return FileStamp(path_); }

 private:
  const std::string path_;
};

struct CloseCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

size_t Append(const char* data, size_t size, size_t count, void* out) {
  auto* body = static_cast<std::string*>(out);
  if (body->size() + size * count > kMaxSize) return 0;  // Ends the transfer with an error.
  body->append(data, size * count);
  return size * count;
}

class UrlFetcher final : public KeyFetcher {
 public:
  UrlFetcher(absl::string_view url, absl::Duration timeout) : url_(url), timeout_(timeout) {
    static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(initialized);
  }
  absl::StatusOr<std::string> Fetch() override;
  bool IsLocal() const override { return false; }

 private:
  const std::string url_;
  const absl::Duration timeout_;
};

absl::StatusOr<std::string> UrlFetcher::Fetch() {
  const std::unique_ptr<CURL, CloseCurl> curl(curl_easy_init());
  if (curl == nullptr) return absl::UnavailableError("curl cannot start");
  std::string body;
  const long milliseconds = static_cast<long>(absl::ToInt64Milliseconds(timeout_));
  curl_easy_setopt(curl.get(), CURLOPT_URL, url_.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, milliseconds);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
  curl_easy_setopt(curl.get(), CURLOPT_MAXFILESIZE, static_cast<long>(kMaxSize));
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  const CURLcode result = curl_easy_perform(curl.get());
  if (result != CURLE_OK) {
    return absl::UnavailableError(absl::StrCat(url_, ": ", curl_easy_strerror(result)));
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return absl::UnavailableError(absl::StrCat(url_, ": HTTP status ", status));
  return body;
}

}  // namespace

std::unique_ptr<KeyFetcher> MakeKeyFetcher(absl::string_view location, absl::Duration timeout) {
  if (absl::StartsWith(location, "http://") || absl::StartsWith(location, "https://")) {
    return std::make_unique<UrlFetcher>(location, timeout);
  }
  return std::make_unique<FileFetcher>(absl::StripPrefix(location, "file://"));
}

}  // namespace okr::auth
