#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/auth/json.h"
#include "common/auth/key.h"
#include "common/auth/key_set.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

using auth::Algorithm;
using auth::JsonObject;
using auth::Key;
using auth::KeySet;

constexpr Algorithm kAll[] = {Algorithm::kRs256, Algorithm::kRs384, Algorithm::kRs512,
                              Algorithm::kPs256, Algorithm::kPs384, Algorithm::kPs512,
                              Algorithm::kEs256, Algorithm::kEs384, Algorithm::kEs512};
// {"alg":"ES256"}, {} and 64 zero bytes.
constexpr absl::string_view kForeignToken =
    "eyJhbGciOiJFUzI1NiJ9.e30."
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

void CheckKey(const Key& key) {
  const std::string text = key.PublicJwk();
  const std::optional<JsonObject> jwk = JsonObject::Parse(text);
  OKR_FUZZ_CHECK(jwk.has_value(), text);
  for (const char* secret : {"d", "p", "q", "dp", "dq", "qi", "k"}) {
    OKR_FUZZ_CHECK(!jwk->Has(secret), text);
  }
  OKR_FUZZ_CHECK(!key.Verify(kForeignToken), text);
  const auto again = Key::FromJwk(*jwk);
  OKR_FUZZ_CHECK(again.ok(), text);
  for (const Algorithm algorithm : kAll) {
    OKR_FUZZ_CHECK(key.Fits(algorithm) == again->Fits(algorithm), text);
    OKR_FUZZ_CHECK(auth::AlgorithmFromName(auth::AlgorithmName(algorithm)) == algorithm, text);
  }
}

void CheckSet(absl::string_view text) {
  const auto set = KeySet::Parse(text);
  if (!set.ok()) {
    OKR_FUZZ_CHECK(absl::IsInvalidArgument(set.status()), set.status().ToString());
    return;
  }
  OKR_FUZZ_CHECK(set->size() > 0, text);
  for (const Algorithm algorithm : kAll) {
    OKR_FUZZ_CHECK(set->Find("", algorithm).size() <= 1, text);
    for (const Key& key : set->Find("", algorithm)) {
      OKR_FUZZ_CHECK(key.Fits(algorithm) && set->Has(key.kid()), text);
    }
  }
}

}  // namespace

void Jwks(absl::string_view input) {
  CheckSet(input);
  const std::optional<JsonObject> object = JsonObject::Parse(input);
  if (!object.has_value()) return;
  OKR_FUZZ_CHECK(JsonObject::Parse(object->ToText()).has_value(), input);
  const auto key = Key::FromJwk(*object);
  if (!key.ok()) return;
  CheckKey(*key);
  CheckSet(absl::StrCat("{\"keys\":[", input, "]}"));
}

}  // namespace okr::fuzz
