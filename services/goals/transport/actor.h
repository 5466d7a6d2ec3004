// Who makes a call, as the commands of this service see them.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/permission.h"
#include "common/resources/resources.h"
#include "common/rpc/call.h"
#include "common/store/view.h"

namespace okr::goals::transport {

struct Actor {
  auth::Principal principal;
  std::optional<PersonName> person;

  // For `creator`.
  std::string name() const;
  // What "people/me" is replaced by; others stay. Without a person it stays too, and names nobody.
  PersonName Resolve(const PersonName& name) const;
  Owner Resolve(const Owner& owner) const;
  // The same, but PERSON_UNKNOWN if "people/me" is nobody.
  absl::StatusOr<PersonName> RequirePerson(const PersonName& name) const;
};

// Also tells the view who acts. FAILED_PRECONDITION / PERSON_UNKNOWN if a member is no person;
// administrators may act without.
absl::StatusOr<Actor> FindActor(store::View& view, const rpc::Call& call);

// Whether they may see an objective and what hangs below it. Pure.
bool MayRead(const Actor& actor, const Objective& objective);
// Whether they may see its score, and that of a key result of it.
bool MaySeeScore(const Actor& actor, const Objective& objective);
bool MaySeeScore(const Actor& actor, const Objective& objective, const KeyResult& key_result);

// PERMISSION_DENIED unless they may do `action` to what `owner` owns.
absl::Status Authorize(store::View& view, const Actor& actor, const Owner& owner,
                       auth::Action action);
// As to what `owner` owns; one who may change the objective may change its key results.
absl::Status AuthorizeChange(store::View& view, const Actor& actor, const Objective& objective);
absl::Status AuthorizeChange(store::View& view, const Actor& actor, const Objective& objective,
                             const KeyResult& key_result);
// PERMISSION_DENIED unless they run the organization.
absl::Status AuthorizeAdministration(const Actor& actor);

}  // namespace okr::goals::transport
