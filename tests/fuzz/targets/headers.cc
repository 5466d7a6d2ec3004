#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/token_text.h"
#include "common/log/trace_context.h"
#include "common/rpc/consistency_token.h"
#include "common/status/error.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

constexpr absl::string_view kRandom = "0123456789abcdef01234567";

void CheckConsistencyTokens(absl::string_view text) {
  const auto tokens = rpc::ParseConsistencyTokens(text);
  if (!tokens.ok()) return CheckNamesFields(tokens.status(), rpc::kConsistencyTokenKey);
  OKR_FUZZ_CHECK(tokens->size() <= 64, text);
  OKR_FUZZ_CHECK(tokens->empty() == text.empty(), text);
  OKR_FUZZ_CHECK(
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-0123456789:,") == absl::string_view::npos,
      text);
  for (const rpc::ConsistencyToken& token : *tokens) {
    OKR_FUZZ_CHECK(!token.source.empty() && token.epoch >= 0 && token.position >= 0, text);
  }
  const auto again = rpc::ParseConsistencyTokens(rpc::FormatConsistencyTokens(*tokens));
  OKR_FUZZ_CHECK(again.ok() && *again == *tokens, text);
}

bool IsLowerHex(absl::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == absl::string_view::npos;
}

void CheckTraceparent(absl::string_view header) {
  const std::optional<TraceContext> context = ParseTraceparent(header);
  const TraceContext own = StartSpan(context, kRandom);
  OKR_FUZZ_CHECK(ParseTraceparent(ToTraceparent(own)) == own, header);
  if (!context) return;
  OKR_FUZZ_CHECK(context->trace_id.size() == 32 && IsLowerHex(context->trace_id), header);
  OKR_FUZZ_CHECK(context->span_id.size() == 16 && IsLowerHex(context->span_id), header);
  OKR_FUZZ_CHECK(ParseTraceparent(ToTraceparent(*context)) == context, header);
  OKR_FUZZ_CHECK(own.trace_id == context->trace_id, header);
}

void CheckBearer(absl::string_view header) {
  const auto token = auth::BearerToken(header);
  if (!token.ok()) {
    OKR_FUZZ_CHECK(absl::IsUnauthenticated(token.status()), token.status().ToString());
    OKR_FUZZ_CHECK(absl::StartsWith(ReasonOf(token.status()), "TOKEN_"), header);
    return;
  }
  OKR_FUZZ_CHECK(!token->empty() && absl::StripAsciiWhitespace(*token) == *token, header);
  const std::string plain = absl::StrCat("Bearer ", *token);
  const auto again = auth::BearerToken(plain);
  OKR_FUZZ_CHECK(again.ok() && *again == *token, header);
}

}  // namespace

void Headers(absl::string_view input) {
  CheckConsistencyTokens(input);
  CheckTraceparent(input);
  CheckBearer(input);
}

}  // namespace okr::fuzz
