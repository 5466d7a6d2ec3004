#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/status/macros.h"
#include "services/goals/domain/errors.h"
#include "services/goals/domain/tree.h"
#include "services/goals/store/tables.h"
#include "services/goals/transport/changes.h"
#include "services/goals/transport/fields.h"
#include "services/goals/transport/goals_reads.h"

namespace okr::goals::transport {
namespace {

constexpr size_t kMaxNodes = 10'000;

struct Question {
  OrganizationName parent;
  CycleName cycle;
  std::optional<ObjectiveName> root;
  int depth = 0;
  bool with_key_results = false;
};

absl::StatusOr<Question> ParseQuestion(const v1::GetAlignmentTreeRequest& request) {
  Violations violations;
  Question question{.depth = request.depth(), .with_key_results = request.include_key_results()};
  const auto parent = ParseName<OrganizationName>("parent", request.parent(), violations);
  const auto cycle = ParseName<CycleName>("cycle", request.cycle(), violations);
  if (!request.root().empty()) {
    question.root = ParseName<ObjectiveName>("root", request.root(), violations);
  }
  if (request.depth() < 0) {
    violations.Add("depth", absl::StrCat("is ", request.depth(), "; expected 0 for all, or more"));
  }
  if (parent && cycle && cycle->organization() != *parent) {
    violations.Add("cycle", absl::StrCat("does not lie below ", parent->ToString()));
  }
  if (!violations.empty()) return violations.ToStatus();
  question.parent = *parent;
  question.cycle = *cycle;
  return question;
}

using Rows = std::vector<store::Selected<Objective>>;

// Those that are there for the actor.
absl::StatusOr<Rows> FindVisible(store::View& view, const Actor& actor, const CycleName& cycle) {
  OKR_ASSIGN_OR_RETURN(Rows rows,
                       view.Select(tables::Objectives(), "cycle", std::string(cycle.relative())));
  std::erase_if(
      rows, [&](const auto& row) { return row.value->deleted() || !MayRead(actor, *row.value); });
  return rows;
}

absl::Status CheckRoot(store::View& view, const Actor& actor, const Question& question) {
  if (!question.root) return absl::OkStatus();
  OKR_ASSIGN_OR_RETURN(const auto root, view.Find(tables::Objectives(), question.root->relative()));
  if (!root || root->deleted() || !MayRead(actor, *root)) {
    return error::NotFound(question.root->ToString());
  }
  if (root->cycle == question.cycle) return absl::OkStatus();
  return InvalidFields({{"root", absl::StrCat("lies in ", root->cycle.ToString(), ", not in ",
                                              question.cycle.ToString())}});
}

// Live key results by the relative names of their objectives.
absl::StatusOr<std::multimap<std::string, store::Selected<KeyResult>>> FindKeyResults(
    store::View& view, const Question& question) {
  std::multimap<std::string, store::Selected<KeyResult>> by_objective;
  if (!question.with_key_results) return by_objective;
  OKR_ASSIGN_OR_RETURN(const auto rows, view.Select(tables::KeyResults(), "cycle",
                                                    std::string(question.cycle.relative())));
  for (const auto& row : rows) {
    if (row.value->deleted()) continue;
    view.Want(tables::ScoreSummaries(), row.name);
    by_objective.emplace(std::string(row.value->name.objective().relative()), row);
  }
  return by_objective;
}

absl::Status CheckSize(const Tree& tree) {
  if (tree.nodes.size() <= kMaxNodes) return absl::OkStatus();
  return InvalidFields(
      {{"root", absl::StrCat("makes a tree of ", tree.nodes.size(), " objectives; at most ",
                             kMaxNodes, " are shown: start from one of them, or set depth")}});
}

absl::Status Look(store::View& view, const rpc::Call& call, const Question& question,
                  v1::GetAlignmentTreeResponse& response) {
  response.Clear();
  const std::string cycle_name(question.cycle.relative());
  view.Want(tables::Cycles(), cycle_name);
  view.WantSelection(tables::Objectives(), "cycle", cycle_name);
  if (question.with_key_results) view.WantSelection(tables::KeyResults(), "cycle", cycle_name);
  OKR_ASSIGN_OR_RETURN(const Actor actor, FindReader(view, call));
  OKR_ASSIGN_OR_RETURN(const auto cycle, view.Find(tables::Cycles(), cycle_name));
  if (!cycle) return error::NotFound(question.cycle.ToString());
  OKR_RETURN_IF_ERROR(CheckRoot(view, actor, question));
  OKR_ASSIGN_OR_RETURN(const Rows rows, FindVisible(view, actor, question.cycle));
  std::vector<const Objective*> objectives;
  std::map<const Objective*, int64_t> versions;
  for (const auto& row : rows) {
    objectives.push_back(row.value);
    versions[row.value] = row.version;
    view.Want(tables::ScoreSummaries(), row.name);
  }
  OKR_ASSIGN_OR_RETURN(const auto key_results, FindKeyResults(view, question));
  const Tree tree = MakeTree(objectives, question.root, question.depth);
  OKR_RETURN_IF_ERROR(CheckSize(tree));
  for (const TreeNode& node : tree.nodes) {
    v1::AlignmentNode& added = *response.add_nodes();
    const Objective& objective = *node.objective;
    OKR_RETURN_IF_ERROR(
        Show(view, actor, objective, versions.at(node.objective), *added.mutable_objective()));
    const auto [begin, end] = key_results.equal_range(std::string(objective.name.relative()));
    for (auto row = begin; row != end; ++row) {
      OKR_RETURN_IF_ERROR(Show(view, actor, objective, *row->second.value, row->second.version,
                               *added.add_key_results()));
    }
    for (const size_t child : node.children) added.add_children(static_cast<int32_t>(child));
    added.set_depth(node.depth);
  }
  for (const size_t root : tree.roots) response.add_roots(static_cast<int32_t>(root));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GetAlignmentTreeResponse> GetAlignmentTree(
    const ReadDeps& deps, const rpc::Call& call, const v1::GetAlignmentTreeRequest& request) {
  OKR_ASSIGN_OR_RETURN(const Question question, ParseQuestion(request));
  v1::GetAlignmentTreeResponse response;
  OKR_RETURN_IF_ERROR(
      deps.reads->With(std::string(question.parent.id()), call.deadline,
                       [&](store::View& view) { return Look(view, call, question, response); }));
  return response;
}

}  // namespace okr::goals::transport
