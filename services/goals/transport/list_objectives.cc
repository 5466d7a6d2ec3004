#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/goals_reads.h"

namespace okr::goals::transport {
namespace {

struct Filter {
  std::optional<CycleName> cycle;
  std::optional<Owner> owner;
};

std::optional<CycleName> ParseCycleFilter(const std::string& cycle, Violations& violations) {
  if (cycle.empty()) return std::nullopt;
  return ParseName<CycleName>("cycle", cycle, violations);
}

std::optional<Owner> ParseOwnerFilter(const std::string& text, Violations& violations) {
  if (text.empty()) return std::nullopt;
  absl::StatusOr<Owner> owner = Owner::Parse(text);
  if (owner.ok()) return *std::move(owner);
  violations.AddFrom("", owner.status());
  return std::nullopt;
}

PageRequest PageOf(const v1::ListObjectivesRequest& request) {
  return {.parent = request.parent(),
          .filter = absl::StrCat(request.cycle(), "\n", request.owner(), "\n",
                                 static_cast<int>(request.state()), "\n", request.show_deleted()),
          .size = request.page_size(),
          .token = request.page_token()};
}

store::ListQuery QueryOf(const v1::ListObjectivesRequest& request, const Filter& filter,
                         const Actor& actor) {
  store::ListQuery query{.prefix = "objectives/"};
  if (filter.cycle) query.filters.emplace_back("cycle", std::string(filter.cycle->relative()));
  if (filter.owner) query.filters.emplace_back("owner", actor.Resolve(*filter.owner).relative());
  if (request.state() != v1::OBJECTIVE_STATE_UNSPECIFIED) {
    query.filters.emplace_back("state", int64_t{request.state()});
  }
  if (!request.show_deleted()) query.filters.emplace_back("deleted", int64_t{0});
  return query;
}

// Adds those of the rows that the actor may see.
absl::Status AddVisible(store::View& view, const Actor& actor,
                        const std::vector<store::ListedRow>& rows,
                        v1::ListObjectivesResponse& response) {
  response.clear_objectives();
  for (const auto& row : rows) view.Want(tables::ScoreSummaries(), row.name);
  for (const auto& row : rows) {
    OKR_ASSIGN_OR_RETURN(const auto value, tables::Objectives().Parse(row.body));
    const auto& objective = *static_cast<const Objective*>(value.get());
    if (!MayRead(actor, objective)) continue;
    OKR_RETURN_IF_ERROR(Show(view, actor, objective, row.version, *response.add_objectives()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ListObjectivesResponse> ListObjectives(
    const ReadDeps& deps, const rpc::Call& call, const v1::ListObjectivesRequest& request) {
  Violations violations;
  const auto parent = ParseName<OrganizationName>("parent", request.parent(), violations);
  const Filter filter{.cycle = ParseCycleFilter(request.cycle(), violations),
                      .owner = ParseOwnerFilter(request.owner(), violations)};
  if (!v1::ObjectiveState_IsValid(request.state())) {
    violations.Add("state", absl::StrCat("is ", static_cast<int>(request.state()),
                                         ", which is no value of its enum"));
  }
  const PageRequest page_request = PageOf(request);
  if (absl::Status page = CheckPage(deps, call, page_request); !page.ok()) {
    violations.AddFrom("", page);
  }
  if (!violations.empty()) return violations.ToStatus();
  const std::string organization(parent->id());
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindReader(deps, call, organization));
  OKR_ASSIGN_OR_RETURN(const Page page, ReadPage(deps, call, organization, tables::Objectives(),
                                                 QueryOf(request, filter, actor), page_request));
  v1::ListObjectivesResponse response;
  OKR_RETURN_IF_ERROR(deps.reads->With(organization, call.deadline, [&](store::View& view) {
    return AddVisible(view, actor, page.rows, response);
  }));
  response.set_next_page_token(page.next_token);
  return response;
}

}  // namespace okr::goals::transport
