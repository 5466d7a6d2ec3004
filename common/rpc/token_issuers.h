// The file that says whose tokens are believed.
//
//   clock_skew: 60s                      # Optional.
//   issuers:
//     - issuer: https://login.example    # The exact "iss".
//       audience: okr                    # Must be in "aud".
//       jwks: https://login.example/keys # Or a path, relative to this file.
//       algorithms: [RS256, ES256]       # Optional, as the three below.
//       organization_claim: okr_organization
//       role_claim: okr_role
//       may_name_services: true
//       jwks_ca_file: /run/ca.crt        # Optional: whom to believe at an https URL,
//       jwks_token_file: /run/token      # and a bearer token to show there.
//       subjects:                        # Optional: these alone are believed, whatever they claim.
//         "system:serviceaccount:okr:goals": {role: SERVICE, organization: "*"}
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/auth/token_verifier.h"

namespace okr::rpc {

// INVALID_FIELDS that names every wrong, unknown and missing entry; NOT_FOUND without such a file.
absl::StatusOr<auth::TokenVerifier::Options> ReadTokenIssuers(const std::string& path);

}  // namespace okr::rpc
