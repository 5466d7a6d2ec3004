#include "tests/bench/load/identities.h"

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace okr::bench {
namespace {

// As `okrctl auth init` says them to the services.
constexpr char kIssuer[] = "okr-development";
constexpr char kAudience[] = "okr";
constexpr absl::Duration kLifetime = absl::Hours(1);

}  // namespace

absl::StatusOr<Identities> Identities::Mint(const std::string& key_directory,
                                            const Dataset& dataset, absl::Time now) {
  OKR_ASSIGN_OR_RETURN(const auth::DevelopmentIssuer issuer,
                       auth::DevelopmentIssuer::Load(key_directory));
  const auto bearer = [&](int organization, const std::string& subject,
                          auth::Role role) -> absl::StatusOr<std::string> {
    OKR_ASSIGN_OR_RETURN(const std::string token,
                         issuer.Mint({.issuer = kIssuer,
                                      .audience = kAudience,
                                      .subject = subject,
                                      .organization = dataset.OrganizationId(organization),
                                      .role = role},
                                     kLifetime, now));
    return absl::StrCat("Bearer ", token);
  };
  Identities all;
  for (int organization = 0; organization < dataset.organizations(); ++organization) {
    Organization& tokens = all.organizations_.emplace_back();
    OKR_ASSIGN_OR_RETURN(tokens.administrator,
                         bearer(organization, kAdministrator, auth::Role::kAdmin));
    for (int person = 0; person < dataset.people(); ++person) {
      OKR_ASSIGN_OR_RETURN(std::string token,
                           bearer(organization, Dataset::PersonId(person), auth::Role::kMember));
      tokens.members.push_back(std::move(token));
    }
  }
  return all;
}

}  // namespace okr::bench
