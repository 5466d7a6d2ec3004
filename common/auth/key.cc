#include "common/auth/key.h"

#include <cjose/cjose.h>
#include <jansson.h>

#include <array>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace okr::auth {
namespace {

constexpr size_t kMinRsaBits = 2048;
constexpr uint8_t kRsaExponent[] = {0x01, 0x00, 0x01};

struct AlgorithmTraits {
  Algorithm algorithm;
  absl::string_view name;
  cjose_jwk_kty_t type;
  cjose_jwk_ec_curve curve;  // Of an EC key.
};

constexpr std::array<AlgorithmTraits, 9> kAlgorithms = {{
    {Algorithm::kRs256, "RS256", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
    {Algorithm::kRs384, "RS384", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
    {Algorithm::kRs512, "RS512", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
    {Algorithm::kPs256, "PS256", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
    {Algorithm::kPs384, "PS384", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
    {Algorithm::kPs512, "PS512", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
    {Algorithm::kEs256, "ES256", CJOSE_JWK_KTY_EC, CJOSE_JWK_EC_P_256},
    {Algorithm::kEs384, "ES384", CJOSE_JWK_KTY_EC, CJOSE_JWK_EC_P_384},
    {Algorithm::kEs512, "ES512", CJOSE_JWK_KTY_EC, CJOSE_JWK_EC_P_521},
}};

const AlgorithmTraits& TraitsOf(Algorithm algorithm) {
  return kAlgorithms.at(static_cast<size_t>(algorithm));
}

struct ReleaseJws {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};
using Jws = std::unique_ptr<cjose_jws_t, ReleaseJws>;

struct ReleaseHeader {
  void operator()(cjose_header_t* header) const { cjose_header_release(header); }
};

absl::Status Unusable(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("unusable key: ", what));
}

// Of any length but one that leaves a single character; with or without padding.
bool IsBase64Url(absl::string_view text) {
  if (text.size() % 4 == 0 && absl::ConsumeSuffix(&text, "=")) absl::ConsumeSuffix(&text, "=");
  return text.size() % 4 != 1 && absl::c_all_of(text, [](char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_';
         });
}

// cjose ends the process at a "=" that is not at the end.
bool HasReadableNumbers(const JsonObject& jwk) {
  constexpr const char* kNumbers[] = {"n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "k"};
  return absl::c_all_of(
      kNumbers, [&jwk](const char* name) { return IsBase64Url(jwk.GetString(name).value_or("")); });
}

absl::Status CheckStrength(const cjose_jwk_t* jwk) {
  cjose_err error;
  switch (cjose_jwk_get_kty(jwk, &error)) {
    case CJOSE_JWK_KTY_RSA:
      if (cjose_jwk_get_keysize(jwk, &error) < kMinRsaBits) return Unusable("RSA under 2048 bits");
      return absl::OkStatus();
    case CJOSE_JWK_KTY_EC:
      return absl::OkStatus();
    default:
      return Unusable("neither RSA nor EC");
  }
}

}  // namespace

absl::string_view AlgorithmName(Algorithm algorithm) { return TraitsOf(algorithm).name; }

std::optional<Algorithm> AlgorithmFromName(absl::string_view name) {
  for (const AlgorithmTraits& traits : kAlgorithms) {
    if (traits.name == name) return traits.algorithm;
  }
  return std::nullopt;
}

Key::Key(_cjose_jwk_int* owned, std::string kid)
    : jwk_(owned, [](cjose_jwk_t* jwk) { cjose_jwk_release(jwk); }), kid_(std::move(kid)) {}

absl::StatusOr<Key> Key::FromJwk(const JsonObject& jwk) {
  if (jwk.Has("use") && jwk.GetString("use") != "sig") return Unusable("not for signatures");
  std::optional<Algorithm> only;
  if (jwk.Has("alg")) {
    only = AlgorithmFromName(jwk.GetString("alg").value_or(""));
    if (!only.has_value()) return Unusable("its alg is not supported");
  }
  if (!HasReadableNumbers(jwk)) return Unusable("a number of it is no base64url");
  const std::string text = jwk.ToText();
  cjose_err error;
  cjose_jwk_t* imported = cjose_jwk_import(text.data(), text.size(), &error);
  if (imported == nullptr) return Unusable("not a JWK of a known kind");
  Key key(imported, jwk.GetString("kid").value_or(""));
  if (absl::Status strength = CheckStrength(imported); !strength.ok()) return strength;
  key.only_ = only;
  return key;
}

absl::StatusOr<Key> Key::Generate(Algorithm algorithm, absl::string_view kid) {
  const AlgorithmTraits& traits = TraitsOf(algorithm);
  cjose_err error;
  cjose_jwk_t* made =
      traits.type == CJOSE_JWK_KTY_RSA
          ? cjose_jwk_create_RSA_random(kMinRsaBits, kRsaExponent, sizeof(kRsaExponent), &error)
          : cjose_jwk_create_EC_random(traits.curve, &error);
  if (made == nullptr) return absl::InternalError("cannot make a key");
  Key key(made, std::string(kid));
  if (!cjose_jwk_set_kid(made, kid.data(), kid.size(), &error)) {
    return absl::InternalError("cannot name a key");
  }
  key.only_ = algorithm;
  return key;
}

bool Key::Fits(Algorithm algorithm) const {
  if (only_.has_value() && *only_ != algorithm) return false;
  const AlgorithmTraits& traits = TraitsOf(algorithm);
  cjose_err error;
  if (cjose_jwk_get_kty(jwk_.get(), &error) != traits.type) return false;
  return traits.type != CJOSE_JWK_KTY_EC ||
         cjose_jwk_EC_get_curve(jwk_.get(), &error) == traits.curve;
}

bool Key::Verify(absl::string_view token) const {
  cjose_err error;
  const Jws jws(cjose_jws_import(token.data(), token.size(), &error));
  return jws != nullptr && cjose_jws_verify(jws.get(), jwk_.get(), &error);
}

absl::StatusOr<std::string> Key::Sign(Algorithm algorithm, absl::string_view payload) const {
  cjose_err error;
  const std::unique_ptr<cjose_header_t, ReleaseHeader> header(cjose_header_new(&error));
  const std::string name(AlgorithmName(algorithm));
  if (header == nullptr || !cjose_header_set(header.get(), CJOSE_HDR_ALG, name.c_str(), &error) ||
      !cjose_header_set(header.get(), "typ", "JWT", &error) ||
      (!kid_.empty() && !cjose_header_set(header.get(), CJOSE_HDR_KID, kid_.c_str(), &error))) {
    return absl::InternalError("cannot make a token's header");
  }
  const Jws jws(cjose_jws_sign(jwk_.get(), header.get(),
                               reinterpret_cast<const uint8_t*>(payload.data()), payload.size(),
                               &error));
  const char* compact = nullptr;
  if (jws == nullptr || !cjose_jws_export(jws.get(), &compact, &error)) {
    return absl::InternalError("cannot sign: is this a private key for the algorithm?");
  }
  return std::string(compact);
}

std::string Key::ToJwk(bool with_private) const {
  cjose_err error;
  const std::unique_ptr<char, decltype(cjose_get_dealloc())> text(
      cjose_jwk_to_json(jwk_.get(), with_private, &error), cjose_get_dealloc());
  if (text == nullptr) return "";
  const std::unique_ptr<json_t, decltype(&json_decref)> json(json_loads(text.get(), 0, nullptr),
                                                             &json_decref);
  json_object_set_new(json.get(), "use", json_string("sig"));
  if (only_.has_value()) {
    json_object_set_new(json.get(), "alg", json_string(std::string(AlgorithmName(*only_)).c_str()));
  }
  const std::unique_ptr<char, decltype(&std::free)> whole(
      json_dumps(json.get(), JSON_COMPACT | JSON_SORT_KEYS), &std::free);
  return whole == nullptr ? "" : whole.get();
}

std::string Key::PublicJwk() const { return ToJwk(false); }

std::string Key::PrivateJwk() const { return ToJwk(true); }

}  // namespace okr::auth
