#include "common/auth/principal.h"

namespace okr::auth {

absl::string_view RoleName(Role role) {
  switch (role) {
    case Role::kViewer:
      return "VIEWER";
    case Role::kMember:
      return "MEMBER";
    case Role::kAdmin:
      return "ADMIN";
    case Role::kService:
      return "SERVICE";
  }
  return "";
}

std::optional<Role> RoleFromName(absl::string_view name) {
  for (const Role role : {Role::kViewer, Role::kMember, Role::kAdmin, Role::kService}) {
    if (RoleName(role) == name) return role;
  }
  return std::nullopt;
}

}  // namespace okr::auth
