// Who makes a call.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace okr::auth {

enum class Role {
  kViewer,   // Reads.
  kMember,   // Works with what is its own, see permission.h.
  kAdmin,    // Runs an organization.
  kService,  // A service of the installation; reads event logs and fills projections.
};

absl::string_view RoleName(Role role);  // "VIEWER", "MEMBER", "ADMIN", "SERVICE".
std::optional<Role> RoleFromName(absl::string_view name);

// The organization of a principal that belongs to none: only role SERVICE may have it.
inline constexpr char kAnyOrganization[] = "*";

struct Principal {
  std::string organization;  // Its id, or kAnyOrganization.
  std::string subject;       // The token's "sub", unique within the issuer.
  Role role = Role::kViewer;
  std::string issuer;
  absl::Time expiry;      // The token's "exp", without clock skew.
  std::string person_id;  // Id of the person bound to the subject; filled by the service.

  bool is_everywhere() const { return organization == kAnyOrganization; }
  bool operator==(const Principal&) const = default;
};

}  // namespace okr::auth
