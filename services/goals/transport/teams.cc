#include <string>
#include <utility>
#include <vector>

#include "common/fieldmask/update_mask.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/goals/domain/alignment.h"
#include "services/goals/domain/directory.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/references.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/directory_commands.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/graph_lock.h"

namespace okr::goals::transport {
namespace {

constexpr char kPrefix[] = "team.";

// Looks up the parent, and the members that `present` does not have.
absl::Status CheckReferences(store::View& view, const Team& present, const Team& next,
                             Violations& violations) {
  for (const TeamMember& member : next.members) {
    view.Want(tables::PeopleSeen(), member.person.relative());
  }
  for (size_t i = 0; i < next.members.size(); ++i) {
    const PersonName& person = next.members[i].person;
    if (person.empty() || present.has_member(person)) continue;
    OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::PeopleSeen(), person.relative()));
    CheckPersonExists(absl::StrCat(kPrefix, "members[", i, "].person"), person, found.value,
                      violations);
  }
  if (!next.parent || next.parent == present.parent) return absl::OkStatus();
  OKR_ASSIGN_OR_RETURN(const auto parent, view.Find(tables::Teams(), next.parent->relative()));
  CheckTeamExists(absl::StrCat(kPrefix, "parent"), *next.parent, parent.value, violations);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> ParentOf(store::View& view, const std::string& name) {
  OKR_ASSIGN_OR_RETURN(const auto team, view.Find(tables::Teams(), name));
  std::vector<std::string> parents;
  if (team && team->parent) parents.emplace_back(team->parent->relative());
  return parents;
}

// TEAM_CYCLE if the parent is the team or lies below it. The graph must be locked.
absl::Status EnsureNotBelowItself(store::View& view, const Team& team) {
  OKR_ASSIGN_OR_RETURN(
      std::vector<std::string> path,
      FindPath(std::string(team.parent->relative()), std::string(team.name.relative()),
               [&view](const std::string& name) { return ParentOf(view, name); }));
  if (path.empty()) return absl::OkStatus();
  for (std::string& name : path) {
    name = absl::StrCat(team.name.organization().ToString(), "/", name);
  }
  return error::TeamCycle(path);
}

// Administrators may change all of a team, its leads who is in it and what it is called.
absl::Status AuthorizeUpdate(const Actor& actor, const Team& present, const Team& next) {
  const absl::Status administers = AuthorizeAdministration(actor);
  if (administers.ok()) return administers;
  const bool leads = actor.principal.role == auth::Role::kMember && actor.person &&
                     present.has_lead(*actor.person);
  if (!leads) return error::Denied("leads of the team and administrators", "change a team");
  if (ChangesMoreThanMembers(present, next)) {
    return error::Denied("administrators", "move a team to another parent");
  }
  return absl::OkStatus();
}

absl::StatusOr<TeamUses> FindUses(store::View& view, const TeamName& name) {
  const std::string relative(name.relative());
  view.WantSelection(tables::Teams(), "parent", relative);
  view.WantSelection(tables::Objectives(), "owner", relative);
  view.WantSelection(tables::KeyResults(), "owner", relative);
  OKR_ASSIGN_OR_RETURN(const auto teams, view.Select(tables::Teams(), "parent", relative));
  OKR_ASSIGN_OR_RETURN(const auto objectives, view.Select(tables::Objectives(), "owner", relative));
  OKR_ASSIGN_OR_RETURN(const auto key_results,
                       view.Select(tables::KeyResults(), "owner", relative));
  TeamUses uses;
  for (const auto& row : teams) {
    if (!row.value->times.delete_time) uses.sub_teams.push_back(row.value->name.ToString());
  }
  for (const auto& row : objectives) {
    if (!row.value->deleted()) uses.objectives.push_back(row.value->name.ToString());
  }
  for (const auto& row : key_results) {
    if (!row.value->deleted()) uses.key_results.push_back(row.value->name.ToString());
  }
  return uses;
}

}  // namespace

absl::Status CreateTeam(const rpc::Call& call, const directory::v1::CreateTeamRequest& request,
                        store::View& view, directory::v1::Team& response) {
  view.Want(tables::Organizations(), "");
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_RETURN_IF_ERROR(AuthorizeAdministration(actor));
  Violations violations;
  Team team;
  team.name = TeamName(ParseParent(call, request.parent(), violations),
                       IdOf(call, "team_id", request.team_id(), violations));
  ParseFields(request.team(), actor, kPrefix, team, violations);
  CheckTeam(team, kPrefix, violations);
  view.Want(tables::Teams(), team.name.relative());
  if (team.parent) view.Want(tables::Teams(), team.parent->relative());
  OKR_RETURN_IF_ERROR(CheckReferences(view, Team(), team, violations));
  if (!violations.empty()) return violations.ToStatus();
  OKR_ASSIGN_OR_RETURN(const auto organization, view.Find(tables::Organizations(), ""));
  if (!organization) return error::NotFound(team.name.organization().ToString());
  OKR_ASSIGN_OR_RETURN(const auto taken, view.Find(tables::Teams(), team.name.relative()));
  if (taken) return error::AlreadyExists(team.name.ToString());
  team.times = {.create_time = view.now(), .update_time = view.now()};
  Store(view, "TeamCreated", team, response);
  return absl::OkStatus();
}

absl::Status UpdateTeam(const rpc::Call& call, const directory::v1::UpdateTeamRequest& request,
                        store::View& view, directory::v1::Team& response) {
  OKR_ASSIGN_OR_RETURN(const TeamName name, TeamName::Parse(request.team().name(), "team.name"));
  view.Want(tables::Teams(), name.relative());
  OKR_RETURN_IF_ERROR(LockGraph(view, tables::kTeamGraph));
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::Teams(), name.relative()));
  if (!found || found->times.delete_time) return error::NotFound(name.ToString());
  const Team present = *found;
  OKR_RETURN_IF_ERROR(AuthorizeUpdate(actor, present, present));
  OKR_RETURN_IF_ERROR(CheckEtag(name.ToString(), request.team().etag(), found.version));
  Violations violations;
  directory::v1::Team message = ToProto(present);
  ApplyUpdateMask(request.update_mask(), request.team(), {.resource = "team"}, message, violations);
  Team next = present;
  ParseFields(message, actor, kPrefix, next, violations);
  CheckTeam(next, kPrefix, violations);
  OKR_RETURN_IF_ERROR(CheckReferences(view, present, next, violations));
  if (!violations.empty()) return violations.ToStatus();
  OKR_RETURN_IF_ERROR(AuthorizeUpdate(actor, present, next));
  if (next.parent && next.parent != present.parent) {
    OKR_RETURN_IF_ERROR(EnsureNotBelowItself(view, next));
  }
  if (next == present) {
    Show(next, found.version, response);
    return absl::OkStatus();
  }
  next.times.update_time = view.now();
  Store(view, "TeamUpdated", next, response);
  return absl::OkStatus();
}

absl::Status DeleteTeam(const rpc::Call& call, const directory::v1::DeleteTeamRequest& request,
                        store::View& view, directory::v1::Team& response) {
  OKR_ASSIGN_OR_RETURN(const TeamName name, TeamName::Parse(request.name()));
  view.Want(tables::Teams(), name.relative());
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_RETURN_IF_ERROR(AuthorizeAdministration(actor));
  OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::Teams(), name.relative()));
  if (!found || found->times.delete_time) {
    if (!request.allow_missing()) return error::NotFound(name.ToString());
    if (found) Show(*found, found.version, response);
    response.set_name(name.ToString());
    if (!found) *response.mutable_delete_time() = ToTimestamp(view.now());
    return absl::OkStatus();
  }
  OKR_RETURN_IF_ERROR(CheckEtag(name.ToString(), request.etag(), found.version));
  Team next = *found;
  OKR_ASSIGN_OR_RETURN(const TeamUses uses, FindUses(view, name));
  OKR_RETURN_IF_ERROR(EnsureUnused(name, uses));
  next.times.update_time = view.now();
  next.times.delete_time = view.now();
  Store(view, "TeamDeleted", next, response);
  return absl::OkStatus();
}

}  // namespace okr::goals::transport
