#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/goals/domain/errors.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/goals_reads.h"

namespace okr::goals::transport {
namespace {

struct Filter {
  std::string organization;
  std::optional<ObjectiveName> objective;  // Absent: of all.
  std::optional<CycleName> cycle;
  std::optional<Owner> owner;
};

Filter ParseFilter(const v1::ListKeyResultsRequest& request, Violations& violations) {
  Filter filter;
  if (auto parent = ParentPattern<ObjectiveName>::Parse(request.parent()); parent.ok()) {
    filter.organization = std::string(parent->organization_id());
    filter.objective = parent->exact();
  } else {
    violations.AddFrom("", parent.status());
  }
  if (!request.cycle().empty()) {
    filter.cycle = ParseName<CycleName>("cycle", request.cycle(), violations);
  }
  if (!request.owner().empty()) {
    auto owner = Owner::Parse(request.owner());
    if (owner.ok()) filter.owner = *owner;
    violations.AddFrom("", owner.status());
  }
  return filter;
}

PageRequest PageOf(const v1::ListKeyResultsRequest& request) {
  return {
      .parent = request.parent(),
      .filter = absl::StrCat(request.cycle(), "\n", request.owner(), "\n", request.show_deleted()),
      .size = request.page_size(),
      .token = request.page_token()};
}

store::ListQuery QueryOf(const v1::ListKeyResultsRequest& request, const Filter& filter,
                         const Actor& actor) {
  store::ListQuery query{.prefix = "objectives/"};
  if (filter.objective) {
    query.filters.emplace_back("objective", std::string(filter.objective->relative()));
  }
  if (filter.cycle) query.filters.emplace_back("cycle", std::string(filter.cycle->relative()));
  if (filter.owner) query.filters.emplace_back("owner", actor.Resolve(*filter.owner).relative());
  if (!request.show_deleted()) query.filters.emplace_back("deleted", int64_t{0});
  return query;
}

absl::StatusOr<std::vector<KeyResult>> ParseRows(const std::vector<store::ListedRow>& rows) {
  std::vector<KeyResult> key_results;
  for (const auto& row : rows) {
    OKR_ASSIGN_OR_RETURN(const auto value, tables::KeyResults().Parse(row.body));
    key_results.push_back(*static_cast<const KeyResult*>(value.get()));
  }
  return key_results;
}

// Whether there is such an objective for the actor.
absl::Status CheckParent(store::View& view, const Actor& actor, const Filter& filter) {
  if (!filter.objective) return absl::OkStatus();
  OKR_ASSIGN_OR_RETURN(const auto parent,
                       view.Find(tables::Objectives(), filter.objective->relative()));
  if (parent && MayRead(actor, *parent)) return absl::OkStatus();
  return error::NotFound(filter.objective->ToString());
}

absl::Status AddVisible(store::View& view, const Actor& actor, const std::vector<KeyResult>& found,
                        const std::vector<store::ListedRow>& rows,
                        v1::ListKeyResultsResponse& response) {
  response.clear_key_results();
  for (const KeyResult& key_result : found) {
    view.Want(tables::Objectives(), key_result.name.objective().relative());
    view.Want(tables::ScoreSummaries(), key_result.name.relative());
  }
  for (size_t i = 0; i < found.size(); ++i) {
    OKR_ASSIGN_OR_RETURN(const auto objective,
                         view.Find(tables::Objectives(), found[i].name.objective().relative()));
    if (!objective || !MayRead(actor, *objective)) continue;
    OKR_RETURN_IF_ERROR(
        Show(view, actor, *objective, found[i], rows[i].version, *response.add_key_results()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ListKeyResultsResponse> ListKeyResults(
    const ReadDeps& deps, const rpc::Call& call, const v1::ListKeyResultsRequest& request) {
  Violations violations;
  const Filter filter = ParseFilter(request, violations);
  const PageRequest page_request = PageOf(request);
  if (absl::Status page = CheckPage(deps, call, page_request); !page.ok()) {
    violations.AddFrom("", page);
  }
  if (!violations.empty()) return violations.ToStatus();
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindReader(deps, call, filter.organization));
  OKR_ASSIGN_OR_RETURN(const Page page,
                       ReadPage(deps, call, filter.organization, tables::KeyResults(),
                                QueryOf(request, filter, actor), page_request));
  OKR_ASSIGN_OR_RETURN(const std::vector<KeyResult> found, ParseRows(page.rows));
  v1::ListKeyResultsResponse response;
  OKR_RETURN_IF_ERROR(
      deps.reads->With(filter.organization, call.deadline, [&](store::View& view) -> absl::Status {
        OKR_RETURN_IF_ERROR(CheckParent(view, actor, filter));
        return AddVisible(view, actor, found, page.rows, response);
      }));
  response.set_next_page_token(page.next_token);
  return response;
}

}  // namespace okr::goals::transport
