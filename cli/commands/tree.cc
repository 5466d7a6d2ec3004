#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/commands/current_cycle.h"
#include "cli/render/objective_tree.h"
#include "common/status/macros.h"
#include "okr/goals/v1/goals_service.pb.h"

namespace okr::cli {
namespace {

struct TreeArgs {
  std::string cycle;
  std::string root;
  int depth = 0;
  bool key_results = false;
};

absl::Status RunTree(const TreeArgs& args, Session& session) {
  goals::v1::GetAlignmentTreeRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_parent(), session.Organization());
  OKR_ASSIGN_OR_RETURN(*request.mutable_cycle(), CycleOrCurrent(args.cycle, session));
  if (!args.root.empty()) {
    OKR_ASSIGN_OR_RETURN(*request.mutable_root(), session.Name(args.root, Kind::kObjective));
  }
  request.set_depth(args.depth);
  request.set_include_key_results(args.key_results);
  OKR_ASSIGN_OR_RETURN(const auto tree,
                       session.client().Call<goals::v1::GetAlignmentTreeResponse>(request));
  if (session.ShowDocument(tree)) return absl::OkStatus();
  const std::string text = RenderObjectiveTree(tree, session.colours());
  session.out() << (text.empty()
                        ? absl::StrCat("no objectives in ", ShortName(request.cycle()), "\n")
                        : text);
  return absl::OkStatus();
}

}  // namespace

void AddTreeCommand(Command app, Session& session) {
  Command tree = app.Add("tree", "What serves what, with progress, status and score");
  auto args = std::make_shared<TreeArgs>();
  tree.Take("--cycle,cycle", &args->cycle, "The cycle; the one that is active if not given");
  tree.Take("--root", &args->root, "Start at this objective");
  tree.Take("--depth", &args->depth, "How many levels; all if 0").NotNegative();
  tree.Switch("--key-results", &args->key_results, "Key results too");
  session.OnRun(tree, [args, &session] { return RunTree(*args, session); });
}

}  // namespace okr::cli
