// Who calls, and how they stand to what they want to touch: from the directory, as a View shows it.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/permission.h"
#include "common/auth/principal.h"
#include "common/resources/resources.h"
#include "common/store/view.h"

namespace okr::access {

// The directory's tables of a service: its own in goals, projections elsewhere. Both must outlive
// it. `people` has the index column "lookup" with the token subject.
struct Directory {
  const store::Table<Person>& people;
  const store::Table<Team>& teams;
};

// Notes that the caller will be looked for.
void WantCaller(store::View& view, const Directory& directory, const auth::Principal& principal);

// The person bound to the token's subject, who is the actor of the view's events from now on;
// nothing if there is none, which is no error for administrators and services. PERMISSION_DENIED if
// the person is deactivated.
absl::StatusOr<std::optional<PersonName>> FindCaller(store::View& view, const Directory& directory,
                                                     const auth::Principal& principal);

// FAILED_PRECONDITION / PERSON_UNKNOWN if there is none.
absl::StatusOr<PersonName> RequireCaller(store::View& view, const Directory& directory,
                                         const auth::Principal& principal);

// What `principal`, who is `caller`, is to something that `owner` owns. An owning team that is gone
// has no leads.
absl::StatusOr<auth::Relation> RelationTo(store::View& view, const Directory& directory,
                                          const auth::Principal& principal,
                                          const std::optional<PersonName>& caller,
                                          absl::string_view organization_id, const Owner& owner);

// As RelationTo its owner, with what its visibility adds.
absl::StatusOr<auth::Relation> RelationTo(store::View& view, const Directory& directory,
                                          const auth::Principal& principal,
                                          const std::optional<PersonName>& caller,
                                          const Objective& objective);

// Whether `principal`, who is `caller`, may see the objective and what hangs below it. Pure: who
// reads a private objective does not depend on teams.
bool MaySee(const auth::Principal& principal, const std::optional<PersonName>& caller,
            const Objective& objective);

// Whether `caller` may see the score of an objective: that of one that a person owns is shown to
// that person and those it is shared with, all others to everybody.
bool MaySeeScore(const std::optional<PersonName>& caller, const Objective& objective);
// The same for a key result of it; who answers for the key result sees its score too.
bool MaySeeScore(const std::optional<PersonName>& caller, const Objective& objective,
                 const KeyResult& key_result);

// The name for events and `creator`: the person, or the subject of the token.
std::string ActorName(const auth::Principal& principal, const std::optional<PersonName>& caller);

}  // namespace okr::access
