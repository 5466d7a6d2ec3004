#include "services/goals/transport/get_entry.h"

#include <string>
#include <utility>

#include "services/goals/domain/errors.h"
#include "services/goals/transport/statements.h"

namespace okr::goals::transport {
namespace {

absl::Status Render(const absl::StatusOr<std::optional<store::ReadRow>>& row,
                    const std::string& name, google::protobuf::Message& response) {
  if (!row.ok()) return row.status();
  if (!*row) return error::NotFound(name);
  if (response.ParseFromString((*row)->at(0).value_or(""))) return absl::OkStatus();
  return absl::InternalError("a stored resource cannot be read");
}

// Reads what `resolve` makes of the name once the caller is known.
template <typename Name, typename Call, typename Resolve>
void Get(const ReadDeps& deps, const postgres::Statement& statement,
         const std::shared_ptr<Call>& call, Resolve resolve) {
  absl::StatusOr<Name> named = Name::Parse(call->request().name());
  if (!named.ok()) return call->Finish(named.status());
  const std::string organization(named->organization_id());
  store::Reader* reader = deps.reader;
  deps.callers->Find(
      call->call(), organization,
      [reader, statement, call, organization, resolve,
       named = *std::move(named)](const absl::StatusOr<Actor>& actor) {
        if (!actor.ok()) return call->Finish(actor.status());
        const absl::StatusOr<Name> name = resolve(*actor, named);
        if (!name.ok()) return call->Finish(name.status());
        reader->Submit({.organization = organization,
                        .statement = statement,
                        .name = std::string(name->relative()),
                        .deadline = call->call().deadline,
                        .done = [call, text = name->ToString()](
                                    const absl::StatusOr<std::optional<store::ReadRow>>& row) {
                          call->Finish(Render(row, text, call->response()));
                        }});
      });
}

constexpr auto kAsNamed = []<typename Name>(const Actor&, const Name& name) {
  return absl::StatusOr<Name>(name);
};

}  // namespace

void GetOrganization(const ReadDeps& deps,
                     const std::shared_ptr<rpc::UnaryCall<directory::v1::GetOrganizationRequest,
                                                          directory::v1::Organization>>& call) {
  Get<OrganizationName>(deps, kGetOrganization, call, kAsNamed);
}

void GetPerson(
    const ReadDeps& deps,
    const std::shared_ptr<rpc::UnaryCall<directory::v1::GetPersonRequest, directory::v1::Person>>&
        call) {
  Get<PersonName>(deps, kGetPerson, call, [](const Actor& actor, const PersonName& name) {
    return actor.RequirePerson(name);
  });
}

void GetTeam(
    const ReadDeps& deps,
    const std::shared_ptr<rpc::UnaryCall<directory::v1::GetTeamRequest, directory::v1::Team>>&
        call) {
  Get<TeamName>(deps, kGetTeam, call, kAsNamed);
}

void GetCycle(
    const ReadDeps& deps,
    const std::shared_ptr<rpc::UnaryCall<directory::v1::GetCycleRequest, directory::v1::Cycle>>&
        call) {
  Get<CycleName>(deps, kGetCycle, call, kAsNamed);
}

}  // namespace okr::goals::transport
