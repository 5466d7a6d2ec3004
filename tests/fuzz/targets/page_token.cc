// Lines: method, parent, filter, order, caller; where and how the token is changed; then the key.
#include "common/paging/page_token.h"

#include "absl/strings/escaping.h"
#include "common/paging/page_size.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

using paging::PageKey;
using paging::PageScope;
using paging::PageTokenCodec;

// Of tokens that are taken back.
constexpr size_t kLongestToken = 8192;

const PageTokenCodec& Codec() {
  static const auto& codec =
      *new PageTokenCodec(PageTokenCodec::Create("0123456789abcdef0123456789abcdef").value());
  return codec;
}

PageScope ReadScope(Input& input) {
  PageScope scope;
  scope.method = std::string(input.Line());
  scope.parent = std::string(input.Line());
  scope.filter = std::string(input.Line());
  scope.order_by = std::string(input.Line());
  scope.caller = std::string(input.Line());
  return scope;
}

void CheckRefused(const PageScope& scope, absl::string_view token) {
  const auto key = Codec().Decode(scope, token);
  OKR_FUZZ_CHECK(!key.ok(), token);
  CheckNamesFields(key.status(), "page_token");
}

// Another scope in each of its parts: text that moves from one part to the next is another one too.
void CheckBound(const PageScope& scope, const std::string& token) {
  for (std::string PageScope::*part : {&PageScope::method, &PageScope::parent, &PageScope::filter,
                                       &PageScope::order_by, &PageScope::caller}) {
    PageScope other = scope;
    (other.*part) += "x";
    CheckRefused(other, token);
  }
  PageScope moved = scope;
  if (moved.parent.empty()) return;
  moved.filter = moved.parent + moved.filter;
  moved.parent.clear();
  CheckRefused(moved, token);
}

void CheckChanged(const PageScope& scope, const PageKey& key, std::string token, size_t place,
                  size_t change) {
  token[place] = static_cast<char>(token[place] ^ static_cast<char>(change));
  const auto read = Codec().Decode(scope, token);
  if (!read.ok()) return CheckNamesFields(read.status(), "page_token");
  // Other characters of the same bytes.
  OKR_FUZZ_CHECK(read->has_value() && **read == key, token);
}

void CheckPageSize(size_t number) {
  const int requested = static_cast<int>(number) - 5000;
  const auto size = paging::EffectivePageSize(requested);
  OKR_FUZZ_CHECK(size.ok() == (requested >= 0), "");
  if (!size.ok()) return CheckNamesFields(size.status(), "page_size");
  OKR_FUZZ_CHECK(*size >= 1 && *size <= paging::kMaxPageSize, "");
}

}  // namespace

void PageToken(absl::string_view input) {
  Input parts(input);
  const PageScope scope = ReadScope(parts);
  const size_t place = parts.Number(10'000);
  const size_t change = parts.Number(256);
  const PageKey key = Lines(parts.Rest());
  CheckPageSize(place);
  if (!input.empty()) CheckRefused(scope, input);

  const std::string token = Codec().Encode(scope, key);
  const auto read = Codec().Decode(scope, token);
  if (token.size() > kLongestToken) return CheckRefused(scope, token);
  OKR_FUZZ_CHECK(read.ok() && read->has_value() && **read == key, token);
  CheckBound(scope, token);
  CheckChanged(scope, key, token, place % token.size(), change);
}

}  // namespace okr::fuzz
