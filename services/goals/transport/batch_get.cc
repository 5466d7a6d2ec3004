#include <string>
#include <utility>
#include <vector>

#include "common/status/macros.h"
#include "services/goals/domain/errors.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/goals_reads.h"

namespace okr::goals::transport {
namespace {

constexpr int kMaxNames = 1'000;

// The names of a request, all below its parent.
template <typename Name, typename Request>
absl::StatusOr<std::vector<Name>> ParseNames(const Request& request) {
  Violations violations;
  const auto parent = ParseName<OrganizationName>("parent", request.parent(), violations);
  if (request.names().empty() || request.names_size() > kMaxNames) {
    violations.Add("names",
                   absl::StrCat("has ", request.names_size(), " names; expected 1 to ", kMaxNames));
    return violations.ToStatus();
  }
  std::vector<Name> names;
  for (int i = 0; i < request.names_size(); ++i) {
    const std::string field = absl::StrCat("names[", i, "]");
    auto name = ParseName<Name>(field, request.names(i), violations);
    if (!name) continue;
    if (parent && name->organization() != *parent) {
      violations.Add(field, absl::StrCat("does not lie below ", parent->ToString()));
    }
    names.push_back(*std::move(name));
  }
  if (!violations.empty()) return violations.ToStatus();
  return names;
}

absl::Status GetAll(store::View& view, const rpc::Call& call,
                    const std::vector<ObjectiveName>& names,
                    v1::BatchGetObjectivesResponse& response) {
  response.Clear();
  for (const ObjectiveName& name : names) {
    view.Want(tables::Objectives(), name.relative());
    view.Want(tables::ScoreSummaries(), name.relative());
  }
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindReader(view, call));
  for (const ObjectiveName& name : names) {
    OKR_ASSIGN_OR_RETURN(const auto row, view.Find(tables::Objectives(), name.relative()));
    if (!row || !MayRead(actor, *row)) return error::NotFound(name.ToString());
    OKR_RETURN_IF_ERROR(Show(view, actor, *row, row.version, *response.add_objectives()));
  }
  return absl::OkStatus();
}

absl::Status GetAll(store::View& view, const rpc::Call& call,
                    const std::vector<KeyResultName>& names,
                    v1::BatchGetKeyResultsResponse& response) {
  response.Clear();
  for (const KeyResultName& name : names) {
    view.Want(tables::Objectives(), name.objective().relative());
    view.Want(tables::KeyResults(), name.relative());
    view.Want(tables::ScoreSummaries(), name.relative());
  }
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindReader(view, call));
  for (const KeyResultName& name : names) {
    OKR_ASSIGN_OR_RETURN(const auto objective,
                         view.Find(tables::Objectives(), name.objective().relative()));
    OKR_ASSIGN_OR_RETURN(const auto row, view.Find(tables::KeyResults(), name.relative()));
    if (!objective || !row || !MayRead(actor, *objective)) return error::NotFound(name.ToString());
    OKR_RETURN_IF_ERROR(
        Show(view, actor, *objective, *row, row.version, *response.add_key_results()));
  }
  return absl::OkStatus();
}

template <typename Name, typename Response, typename Request>
absl::StatusOr<Response> BatchGet(const ReadDeps& deps, const rpc::Call& call,
                                  const Request& request) {
  OKR_ASSIGN_OR_RETURN(const std::vector<Name> names, ParseNames<Name>(request));
  Response response;
  OKR_RETURN_IF_ERROR(
      deps.reads->With(std::string(names.front().organization_id()), call.deadline,
                       [&](store::View& view) { return GetAll(view, call, names, response); }));
  return response;
}

}  // namespace

absl::StatusOr<v1::BatchGetObjectivesResponse> BatchGetObjectives(
    const ReadDeps& deps, const rpc::Call& call, const v1::BatchGetObjectivesRequest& request) {
  return BatchGet<ObjectiveName, v1::BatchGetObjectivesResponse>(deps, call, request);
}

absl::StatusOr<v1::BatchGetKeyResultsResponse> BatchGetKeyResults(
    const ReadDeps& deps, const rpc::Call& call, const v1::BatchGetKeyResultsRequest& request) {
  return BatchGet<KeyResultName, v1::BatchGetKeyResultsResponse>(deps, call, request);
}

}  // namespace okr::goals::transport
