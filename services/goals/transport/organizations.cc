#include <string>
#include <utility>

#include "common/fieldmask/update_mask.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/goals/domain/directory.h"
#include "services/goals/domain/errors.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/directory_commands.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/graph_lock.h"
#include "services/goals/transport/person_id.h"

namespace okr::goals::transport {
namespace {

// It can only be the one of the token.
absl::Status CheckOrganizationId(const rpc::Call& call, const std::string& id) {
  OKR_RETURN_IF_ERROR(CheckResourceId("organization_id", id));
  if (call.principal.organization != id) return error::OrganizationNotOfToken(id);
  return AuthorizeAdministration({.principal = call.principal});
}

// The first person is the caller, whatever the request leaves out.
Person ParseAdministrator(const rpc::Call& call,
                          const directory::v1::CreateOrganizationRequest& request,
                          const OrganizationName& organization, Violations& violations) {
  constexpr char kPrefix[] = "administrator.";
  Person person;
  ParseFields(request.administrator(), kPrefix, person, violations);
  const std::string& id = request.administrator_id();
  person.name = PersonName(
      organization, PersonIdOf(call, "administrator_id", id.empty() ? "admin" : id, violations));
  if (person.subject.empty()) person.subject = call.principal.subject;
  if (person.subject != call.principal.subject) {
    violations.Add("administrator.subject",
                   "is not the subject of the token; leave it out to be the first person");
  }
  if (person.state != PersonState::kActive) {
    violations.Add("administrator.state", "must be ACTIVE for the first person");
  }
  CheckPerson(person, kPrefix, violations);
  return person;
}

}  // namespace

absl::Status CreateOrganization(const rpc::Call& call,
                                const directory::v1::CreateOrganizationRequest& request,
                                store::View& view, directory::v1::Organization& response) {
  constexpr char kPrefix[] = "organization.";
  OKR_RETURN_IF_ERROR(CheckOrganizationId(call, request.organization_id()));
  Violations violations;
  Organization organization;
  organization.name = OrganizationName(request.organization_id());
  ParseFields(request.organization(), kPrefix, organization, violations);
  CheckOrganization(organization, kPrefix, violations);
  Person person = ParseAdministrator(call, request, organization.name, violations);
  if (!violations.empty()) return violations.ToStatus();
  view.Want(tables::People(), person.name.relative());
  view.Want(tables::GraphLocks(), tables::kAlignmentGraph);
  view.Want(tables::GraphLocks(), tables::kTeamGraph);
  OKR_ASSIGN_OR_RETURN(const auto taken, view.Find(tables::Organizations(), ""));
  if (taken) return error::AlreadyExists(organization.name.ToString());
  OKR_RETURN_IF_ERROR(view.Find(tables::People(), person.name.relative()).status());
  OKR_RETURN_IF_ERROR(LockGraph(view, tables::kAlignmentGraph));
  OKR_RETURN_IF_ERROR(LockGraph(view, tables::kTeamGraph));
  organization.times = person.times = {.create_time = view.now(), .update_time = view.now()};
  view.set_actor(person.name.ToString());
  Store(view, "OrganizationCreated", organization, response);
  directory::v1::Person unused;
  Store(view, "PersonCreated", person, unused);
  return absl::OkStatus();
}

absl::Status UpdateOrganization(const rpc::Call& call,
                                const directory::v1::UpdateOrganizationRequest& request,
                                store::View& view, directory::v1::Organization& response) {
  constexpr char kPrefix[] = "organization.";
  OKR_ASSIGN_OR_RETURN(const OrganizationName name,
                       OrganizationName::Parse(request.organization().name(), "organization.name"));
  view.Want(tables::Organizations(), "");
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_RETURN_IF_ERROR(AuthorizeAdministration(actor));
  OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::Organizations(), ""));
  if (!found) return error::NotFound(name.ToString());
  OKR_RETURN_IF_ERROR(CheckEtag(name.ToString(), request.organization().etag(), found.version));
  Violations violations;
  directory::v1::Organization message = ToProto(*found);
  ApplyUpdateMask(request.update_mask(), request.organization(), {.resource = "organization"},
                  message, violations);
  Organization next = *found;
  ParseFields(message, kPrefix, next, violations);
  CheckOrganization(next, kPrefix, violations);
  if (!violations.empty()) return violations.ToStatus();
  if (next == *found) {
    Show(next, found.version, response);
    return absl::OkStatus();
  }
  next.times.update_time = view.now();
  Store(view, "OrganizationUpdated", next, response);
  return absl::OkStatus();
}

}  // namespace okr::goals::transport
