#include "common/auth/development_issuer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/watched_file.h"
#include "common/ids/uuid.h"
#include "common/log/json_text.h"
#include "common/status/macros.h"

namespace okr::auth {
namespace {

constexpr size_t kMaxKeySize = 65536;

std::string PrivatePath(const std::string& directory) { return directory + "/private.jwk"; }
std::string PublicPath(const std::string& directory) { return directory + "/jwks.json"; }

// Writes a file that must not exist yet.
absl::Status WriteNew(const std::string& path, absl::string_view content, mode_t mode) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0 && errno == EEXIST) {
    return absl::AlreadyExistsError(absl::StrCat(path, " exists, and is not overwritten"));
  }
  if (file < 0) {
    return absl::InternalError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
  }
  const ssize_t written = write(file, content.data(), content.size());
  const bool whole = fsync(file) == 0 && written == static_cast<ssize_t>(content.size());
  close(file);
  return whole ? absl::OkStatus() : absl::InternalError(absl::StrCat("cannot write ", path));
}

// Replaces a file in one step, so that a service never reads half of it.
absl::Status Replace(const std::string& path, absl::string_view content) {
  const std::string fresh = path + ".new";
  unlink(fresh.c_str());
  OKR_RETURN_IF_ERROR(WriteNew(fresh, content, 0644));
  if (std::rename(fresh.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
}

void AppendClaim(std::string& json, absl::string_view name, absl::string_view text) {
  absl::StrAppend(&json, json.empty() ? "{" : ",", "\"", name, "\":");
  log::AppendJsonString(json, text);
}

}  // namespace

absl::Status DevelopmentIssuer::GenerateKey(const std::string& directory, Algorithm algorithm) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure) {
    return absl::InternalError(absl::StrCat("cannot make ", directory, ": ", failure.message()));
  }
  UuidGenerator ids;
  OKR_ASSIGN_OR_RETURN(const Key key, Key::Generate(algorithm, ids.Next().ToString()));
  OKR_RETURN_IF_ERROR(WriteNew(PrivatePath(directory), key.PrivateJwk(), 0600));
  return Replace(PublicPath(directory), absl::StrCat("{\"keys\":[", key.PublicJwk(), "]}\n"));
}

absl::StatusOr<DevelopmentIssuer> DevelopmentIssuer::Load(const std::string& directory) {
  OKR_ASSIGN_OR_RETURN(const std::string text, ReadSmallFile(PrivatePath(directory), kMaxKeySize));
  const std::optional<JsonObject> jwk = JsonObject::Parse(text);
  if (!jwk.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(PrivatePath(directory), " is no JWK"));
  }
  const std::optional<Algorithm> algorithm = AlgorithmFromName(jwk->GetString("alg").value_or(""));
  if (!algorithm.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat(PrivatePath(directory), " does not name its alg"));
  }
  OKR_ASSIGN_OR_RETURN(Key key, Key::FromJwk(*jwk));
  return DevelopmentIssuer(std::move(key), *algorithm);
}

absl::StatusOr<std::string> DevelopmentIssuer::Mint(const TokenClaims& claims, absl::Duration ttl,
                                                    absl::Time now) const {
  UuidGenerator ids;
  std::string json;
  AppendClaim(json, "iss", claims.issuer);
  AppendClaim(json, "aud", claims.audience);
  AppendClaim(json, "sub", claims.subject);
  AppendClaim(json, "okr_organization", claims.organization);
  AppendClaim(json, "okr_role", RoleName(claims.role));
  AppendClaim(json, "jti", ids.Next().ToString());
  absl::StrAppend(&json, ",\"iat\":", absl::ToUnixSeconds(now),
                  ",\"nbf\":", absl::ToUnixSeconds(now),
                  ",\"exp\":", absl::ToUnixSeconds(now + ttl), "}");
  return MintJson(json);
}

absl::StatusOr<std::string> DevelopmentIssuer::MintJson(absl::string_view claims) const {
  return key_.Sign(algorithm_, claims);
}

}  // namespace okr::auth
