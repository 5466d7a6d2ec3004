#include "common/paging/page_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/digits/digits.h"
#include "common/ids/digest.h"
#include "common/status/error.h"

namespace okr::paging {
namespace {

constexpr size_t kMinKeySize = 32;
constexpr size_t kSignatureSize = 16;
constexpr size_t kMaxTokenSize = 8192;
constexpr char kVersion = '\x01';

// Each part as "<length>:<bytes>", so that no two lists of parts have the same text.
void AppendPart(std::string& out, absl::string_view part) {
  absl::StrAppend(&out, part.size(), ":", part);
}

std::optional<PageKey> ReadParts(absl::string_view text) {
  PageKey parts;
  while (!text.empty()) {
    const size_t colon = text.find(':');
    size_t size = 0;
    if (colon == absl::string_view::npos || !ParseDigits(text.substr(0, colon), &size) ||
        size > text.size() - colon - 1) {
      return std::nullopt;
    }
    parts.emplace_back(text.substr(colon + 1, size));
    text.remove_prefix(colon + 1 + size);
  }
  return parts;
}

absl::Status WrongToken() {
  return InvalidFields({{"page_token",
                         "is not a token of this list: send the next_page_token of the page before "
                         "with the same parent, filter and order_by, or leave it empty"}});
}

}  // namespace

absl::StatusOr<PageTokenCodec> PageTokenCodec::Create(absl::string_view key) {
  if (key.size() < kMinKeySize) {
    return absl::InvalidArgumentError(absl::StrCat("the key of page tokens has ", key.size(),
                                                   " bytes, expected at least ", kMinKeySize));
  }
  return PageTokenCodec(key);
}

std::string PageTokenCodec::Sign(const PageScope& scope, absl::string_view content) const {
  std::string signed_text;
  for (const absl::string_view part :
       {absl::string_view(scope.method), absl::string_view(scope.parent),
        absl::string_view(scope.filter), absl::string_view(scope.order_by),
        absl::string_view(scope.caller), content}) {
    AppendPart(signed_text, part);
  }
  return HmacSha256(key_, signed_text).ToBytes().substr(0, kSignatureSize);
}

std::string PageTokenCodec::Encode(const PageScope& scope, const PageKey& last) const {
  std::string content(1, kVersion);
  for (const std::string& part : last) AppendPart(content, part);
  return absl::WebSafeBase64Escape(absl::StrCat(Sign(scope, content), content));
}

absl::StatusOr<std::optional<PageKey>> PageTokenCodec::Decode(const PageScope& scope,
                                                              absl::string_view token) const {
  if (token.empty()) return std::optional<PageKey>();
  std::string bytes;
  if (token.size() > kMaxTokenSize || !absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() <= kSignatureSize) {
    return WrongToken();
  }
  const absl::string_view signature = absl::string_view(bytes).substr(0, kSignatureSize);
  absl::string_view content = absl::string_view(bytes).substr(kSignatureSize);
  if (!ConstantTimeEquals(signature, Sign(scope, content)) || content.front() != kVersion) {
    return WrongToken();
  }
  content.remove_prefix(1);
  std::optional<PageKey> key = ReadParts(content);
  if (!key.has_value()) return WrongToken();
  return key;
}

}  // namespace okr::paging
