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
#include "services/goals/transport/person_id.h"

namespace okr::goals::transport {
namespace {

constexpr char kPrefix[] = "person.";

// ALREADY_EXISTS if another person has the subject. Of two concurrent ones the index refuses the
// second, which is then decided again.
absl::Status EnsureSubjectFree(store::View& view, const Person& person) {
  OKR_ASSIGN_OR_RETURN(const auto found, view.Select(tables::People(), "lookup", person.subject));
  for (const auto& row : found) {
    if (row.value->name != person.name) {
      return error::SubjectTaken(person.subject, row.value->name);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CreatePerson(const rpc::Call& call, const directory::v1::CreatePersonRequest& request,
                          store::View& view, directory::v1::Person& response) {
  view.Want(tables::Organizations(), "");
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_RETURN_IF_ERROR(AuthorizeAdministration(actor));
  Violations violations;
  const OrganizationName organization = ParseParent(call, request.parent(), violations);
  Person person;
  person.name =
      PersonName(organization, PersonIdOf(call, "person_id", request.person_id(), violations));
  ParseFields(request.person(), kPrefix, person, violations);
  CheckPerson(person, kPrefix, violations);
  if (!violations.empty()) return violations.ToStatus();
  view.WantSelection(tables::People(), "lookup", person.subject);
  view.Want(tables::People(), person.name.relative());
  OKR_ASSIGN_OR_RETURN(const auto parent, view.Find(tables::Organizations(), ""));
  if (!parent) return error::NotFound(organization.ToString());
  OKR_ASSIGN_OR_RETURN(const auto taken, view.Find(tables::People(), person.name.relative()));
  if (taken) return error::AlreadyExists(person.name.ToString());
  OKR_RETURN_IF_ERROR(EnsureSubjectFree(view, person));
  person.times = {.create_time = view.now(), .update_time = view.now()};
  Store(view, "PersonCreated", person, response);
  return absl::OkStatus();
}

absl::Status UpdatePerson(const rpc::Call& call, const directory::v1::UpdatePersonRequest& request,
                          store::View& view, directory::v1::Person& response) {
  OKR_ASSIGN_OR_RETURN(const PersonName named,
                       PersonName::Parse(request.person().name(), "person.name"));
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindActor(view, call));
  OKR_RETURN_IF_ERROR(AuthorizeAdministration(actor));
  OKR_ASSIGN_OR_RETURN(const PersonName name, actor.RequirePerson(named));
  OKR_ASSIGN_OR_RETURN(const auto found, view.Find(tables::People(), name.relative()));
  if (!found) return error::NotFound(name.ToString());
  OKR_RETURN_IF_ERROR(CheckEtag(name.ToString(), request.person().etag(), found.version));
  Violations violations;
  directory::v1::Person message = ToProto(*found);
  ApplyUpdateMask(request.update_mask(), request.person(), {.resource = "person"}, message,
                  violations);
  Person next = *found;
  ParseFields(message, kPrefix, next, violations);
  CheckPerson(next, kPrefix, violations);
  if (!violations.empty()) return violations.ToStatus();
  if (next == *found) {
    Show(next, found.version, response);
    return absl::OkStatus();
  }
  if (next.subject != found->subject) OKR_RETURN_IF_ERROR(EnsureSubjectFree(view, next));
  next.times.update_time = view.now();
  Store(view, "PersonUpdated", next, response);
  return absl::OkStatus();
}

}  // namespace okr::goals::transport
