#include "common/auth/key_fetcher.h"

#include <curl/curl.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/auth/token_text.h"
#include "common/auth/watched_file.h"
#include "common/status/macros.h"

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
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

size_t Append(const char* data, size_t size, size_t count, void* out) {
  auto* body = static_cast<std::string*>(out);
  if (body->size() + size * count > kMaxSize) return 0;  // Ends the transfer with an error.
  body->append(data, size * count);
  return size * count;
}

class UrlFetcher final : public KeyFetcher {
 public:
  explicit UrlFetcher(KeyLocation location) : location_(std::move(location)) {
    static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(initialized);
  }
  absl::StatusOr<std::string> Fetch() override;
  bool IsLocal() const override { return false; }

 private:
  // Null without a token to show.
  absl::StatusOr<std::unique_ptr<curl_slist, FreeList>> Headers() const;

  const KeyLocation location_;
};

absl::StatusOr<std::unique_ptr<curl_slist, FreeList>> UrlFetcher::Headers() const {
  if (location_.token_file.empty()) return nullptr;
  if (!absl::StartsWith(location_.location, "https://")) {
    return absl::InvalidArgumentError(
        absl::StrCat(location_.location, ": a token is shown over https only"));
  }
  OKR_ASSIGN_OR_RETURN(const std::string content,
                       ReadSmallFile(location_.token_file, kMaxTokenSize + 2));
  const absl::string_view token = absl::StripAsciiWhitespace(content);
  const bool plain = std::all_of(token.begin(), token.end(), absl::ascii_isgraph);
  if (token.empty() || !plain) {
    return absl::UnavailableError(absl::StrCat(location_.token_file, " holds no token"));
  }
  const std::string header = absl::StrCat("Authorization: Bearer ", token);
  return std::unique_ptr<curl_slist, FreeList>(curl_slist_append(nullptr, header.c_str()));
}

absl::StatusOr<std::string> UrlFetcher::Fetch() {
  const std::unique_ptr<CURL, CloseCurl> curl(curl_easy_init());
  if (curl == nullptr) return absl::UnavailableError("curl cannot start");
  OKR_ASSIGN_OR_RETURN(const auto headers, Headers());
  std::string body;
  const long milliseconds = static_cast<long>(absl::ToInt64Milliseconds(location_.timeout));
  curl_easy_setopt(curl.get(), CURLOPT_URL, location_.location.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, milliseconds);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
  curl_easy_setopt(curl.get(), CURLOPT_MAXFILESIZE, static_cast<long>(kMaxSize));
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  if (!location_.ca_file.empty()) {
    curl_easy_setopt(curl.get(), CURLOPT_CAINFO, location_.ca_file.c_str());
  }
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  const CURLcode result = curl_easy_perform(curl.get());
  if (result != CURLE_OK) {
    return absl::UnavailableError(
        absl::StrCat(location_.location, ": ", curl_easy_strerror(result)));
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) {
    return absl::UnavailableError(absl::StrCat(location_.location, ": HTTP status ", status));
  }
  return body;
}

}  // namespace

std::unique_ptr<KeyFetcher> MakeKeyFetcher(KeyLocation location) {
  const std::string& where = location.location;
  if (absl::StartsWith(where, "http://") || absl::StartsWith(where, "https://")) {
    return std::make_unique<UrlFetcher>(std::move(location));
  }
  return std::make_unique<FileFetcher>(absl::StripPrefix(where, "file://"));
}

}  // namespace okr::auth
