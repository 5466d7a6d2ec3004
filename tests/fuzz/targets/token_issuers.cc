#include "common/rpc/token_issuers.h"

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

absl::StatusOr<auth::TokenVerifier::Options> Read(absl::string_view text) {
  const int file = memfd_create("issuers.yaml", MFD_CLOEXEC);
  OKR_FUZZ_CHECK(write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()), "");
  auto options = rpc::ReadTokenIssuers(absl::StrCat("/proc/self/fd/", file));
  close(file);
  return options;
}

}  // namespace

void TokenIssuers(absl::string_view input) {
  const auto options = Read(input);
  if (!options.ok()) return CheckNamesFields(options.status());
  OKR_FUZZ_CHECK(!options->issuers.empty(), input);
  OKR_FUZZ_CHECK(options->clock_skew >= absl::ZeroDuration(), input);
  OKR_FUZZ_CHECK(options->clock_skew <= absl::Minutes(10), input);
  for (const auth::IssuerOptions& issuer : options->issuers) {
    OKR_FUZZ_CHECK(!issuer.issuer.empty() && !issuer.audience.empty(), input);
    OKR_FUZZ_CHECK(!issuer.jwks.empty() && !issuer.algorithms.empty(), input);
    OKR_FUZZ_CHECK(!issuer.organization_claim.empty() && !issuer.role_claim.empty(), input);
    for (const auto& [subject, grant] : issuer.subjects) {
      const bool is_service = grant.role == auth::Role::kService;
      OKR_FUZZ_CHECK(!subject.empty() && !grant.organization.empty(), input);
      OKR_FUZZ_CHECK(is_service || grant.organization != auth::kAnyOrganization, input);
      OKR_FUZZ_CHECK(issuer.may_name_services || !is_service, input);
    }
  }
}

}  // namespace okr::fuzz
