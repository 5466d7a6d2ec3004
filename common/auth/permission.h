// Who may do what: a pure function of the principal, its relation to the resource and the action.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/auth/principal.h"

namespace okr::auth {

enum class Action {
  kRead,             // Any Get or List; also a service that fills its projection.
  kCreateObjective,  // The relation is that to the objective as it would be.
  kUpdate,           // Change, activate, align, retire, delete objectives and key results.
  kCheckIn,
  kGrade,
  kAdminister,      // Directory, cycles, policies.
  kUseInbox,        // Read and mark notifications; the relation's owner is the inbox's person.
  kReadEvents,      // The events of one organization.
  kReadEventShard,  // The events of all organizations of a shard.
};

// How the caller stands to the resource.
struct Relation {
  bool same_organization = false;  // See IsSameOrganization.
  bool is_owner = false;
  bool is_lead_of_owning_team = false;
  bool is_member_of_owning_team = false;
  bool is_delegate = false;  // Of the owner or of a lead of the owning team.
  bool is_private = false;   // Of the resource: VISIBILITY_PRIVATE.
  bool is_shared_with = false;
};

bool IsSameOrganization(const Principal& principal, absl::string_view organization_id);

// OK, or PERMISSION_DENIED that says who may:
//  - WRONG_ORGANIZATION if the resource belongs to another organization, whether it exists or not;
//    so check this before reading anything.
//  - PERMISSION_DENIED otherwise. Where a refused kRead of a private resource would tell that it
//    exists, the caller answers as if it did not.
absl::Status Allowed(const Principal& principal, const Relation& relation, Action action);

}  // namespace okr::auth
