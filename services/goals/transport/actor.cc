#include "services/goals/transport/actor.h"

#include "common/access/access.h"
#include "common/status/macros.h"
#include "services/goals/domain/errors.h"
#include "services/goals/store/tables.h"

namespace okr::goals::transport {

std::string Actor::name() const { return access::ActorName(principal, person); }

PersonName Actor::Resolve(const PersonName& name) const {
  return name.id() == "me" && person ? *person : name;
}

Owner Actor::Resolve(const Owner& owner) const {
  return owner.person() != nullptr ? Owner(Resolve(*owner.person())) : owner;
}

absl::StatusOr<PersonName> Actor::RequirePerson(const PersonName& name) const {
  if (name.id() == "me" && !person) return error::PersonUnknown(principal.subject);
  return Resolve(name);
}

absl::StatusOr<Actor> FindActor(store::View& view, const rpc::Call& call) {
  Actor actor{.principal = call.principal};
  const auto& directory = tables::DirectorySeen();
  if (call.principal.role == auth::Role::kMember) {
    OKR_ASSIGN_OR_RETURN(actor.person, access::RequireCaller(view, directory, call.principal));
  } else {
    OKR_ASSIGN_OR_RETURN(actor.person, access::FindCaller(view, directory, call.principal));
  }
  view.set_actor(actor.name());
  return actor;
}

bool MayRead(const Actor& actor, const Objective& objective) {
  return access::MaySee(actor.principal, actor.person, objective);
}

bool MaySeeScore(const Actor& actor, const Objective& objective) {
  return access::MaySeeScore(actor.person, objective);
}

bool MaySeeScore(const Actor& actor, const Objective& objective, const KeyResult& key_result) {
  return access::MaySeeScore(actor.person, objective, key_result);
}

absl::Status Authorize(store::View& view, const Actor& actor, const Owner& owner,
                       auth::Action action) {
  OKR_ASSIGN_OR_RETURN(const auth::Relation relation,
                       access::RelationTo(view, tables::DirectorySeen(), actor.principal,
                                          actor.person, actor.principal.organization, owner));
  return auth::Allowed(actor.principal, relation, action);
}

absl::Status AuthorizeChange(store::View& view, const Actor& actor, const Objective& objective) {
  return Authorize(view, actor, objective.owner, auth::Action::kUpdate);
}

absl::Status AuthorizeChange(store::View& view, const Actor& actor, const Objective& objective,
                             const KeyResult& key_result) {
  if (!key_result.owner.empty()) {
    absl::Status own = Authorize(view, actor, key_result.owner, auth::Action::kUpdate);
    if (own.ok() || view.misses_rows()) return own;
  }
  return AuthorizeChange(view, actor, objective);
}

absl::Status AuthorizeAdministration(const Actor& actor) {
  return auth::Allowed(actor.principal, {.same_organization = !actor.principal.is_everywhere()},
                       auth::Action::kAdminister);
}

}  // namespace okr::goals::transport
