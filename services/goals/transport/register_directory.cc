#include <memory>

#include "common/status/macros.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/directory_commands.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/get_entry.h"
#include "services/goals/transport/register.h"

namespace okr::goals::transport {
namespace {

namespace api = directory::v1;

template <typename Request, typename Response>
void AddCommand(rpc::Service& service, absl::string_view method, const service::WriteDeps& deps,
                absl::Status (*decide)(const rpc::Call&, const Request&, store::View&, Response&)) {
  service::AddWrite<Request, Response>(service, method, deps, decide);
}

template <typename Request, typename Response>
void AddGet(rpc::Service& service, absl::string_view method, const ReadDeps& deps,
            void (*answer)(const ReadDeps&,
                           const std::shared_ptr<rpc::UnaryCall<Request, Response>>&)) {
  service.Async<Request, Response>(
      method, [deps, answer](const std::shared_ptr<rpc::UnaryCall<Request, Response>>& call) {
        answer(deps, call);
      });
}

// Everybody may see all of the directory.
template <typename Request, typename Response, typename Item>
absl::StatusOr<Response> List(const ReadDeps& deps, const rpc::Call& call, const Request& request,
                              const store::TableBase& table, store::ListQuery query,
                              Item* (Response::*add)()) {
  Violations violations;
  const auto parent = ParseName<OrganizationName>("parent", request.parent(), violations);
  const PageRequest page_request{
      .parent = request.parent(), .size = request.page_size(), .token = request.page_token()};
  if (absl::Status page = CheckPage(deps, call, page_request); !page.ok()) {
    violations.AddFrom("", page);
  }
  if (!violations.empty()) return violations.ToStatus();
  const std::string organization(parent->id());
  OKR_RETURN_IF_ERROR(FindReader(deps, call, organization).status());
  OKR_ASSIGN_OR_RETURN(const Page page,
                       ReadPage(deps, call, organization, table, std::move(query), page_request));
  Response response;
  for (const auto& row : page.rows) {
    if (!(response.*add)()->ParseFromString(row.body)) {
      return absl::InternalError("a stored resource cannot be read");
    }
  }
  response.set_next_page_token(page.next_token);
  return response;
}

template <typename Request, typename Response, typename Item>
void AddList(rpc::Service& service, absl::string_view method, const ReadDeps& deps,
             const store::TableBase& table, const store::ListQuery& query,
             Item* (Response::*add)()) {
  service.Blocking<Request, Response>(
      method, [deps, &table, query, add](const rpc::Call& call, const Request& request) {
        return List<Request, Response, Item>(deps, call, request, table, query, add);
      });
}

}  // namespace

void RegisterDirectory(rpc::Service& service, const service::WriteDeps& write,
                       const ReadDeps& read) {
  AddCommand(service, "CreateOrganization", write, CreateOrganization);
  AddCommand(service, "UpdateOrganization", write, UpdateOrganization);
  AddCommand(service, "CreatePerson", write, CreatePerson);
  AddCommand(service, "UpdatePerson", write, UpdatePerson);
  AddCommand(service, "CreateTeam", write, CreateTeam);
  AddCommand(service, "UpdateTeam", write, UpdateTeam);
  AddCommand(service, "DeleteTeam", write, DeleteTeam);
  AddCommand(service, "CreateCycle", write, CreateCycle);
  AddCommand(service, "UpdateCycle", write, UpdateCycle);
  AddCommand(service, "ActivateCycle", write, ActivateCycle);
  AddCommand(service, "OpenCycleGrading", write, OpenCycleGrading);
  AddCommand(service, "CloseCycle", write, CloseCycle);
  AddGet(service, "GetOrganization", read, GetOrganization);
  AddGet(service, "GetPerson", read, GetPerson);
  AddGet(service, "GetTeam", read, GetTeam);
  AddGet(service, "GetCycle", read, GetCycle);
  AddList<api::ListPeopleRequest, api::ListPeopleResponse>(service, "ListPeople", read,
                                                           tables::People(), {.prefix = "people/"},
                                                           &api::ListPeopleResponse::add_people);
  AddList<api::ListTeamsRequest, api::ListTeamsResponse>(
      service, "ListTeams", read, tables::Teams(),
      {.prefix = "teams/", .filters = {{"deleted", int64_t{0}}}},
      &api::ListTeamsResponse::add_teams);
  AddList<api::ListCyclesRequest, api::ListCyclesResponse>(service, "ListCycles", read,
                                                           tables::Cycles(), {.prefix = "cycles/"},
                                                           &api::ListCyclesResponse::add_cycles);
}

}  // namespace okr::goals::transport
