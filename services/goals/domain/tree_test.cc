#include "services/goals/domain/tree.h"

#include "services/goals/domain/domain_test_support.h"

namespace okr::goals {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Objective Serving(const std::string& id, const std::vector<std::string>& parents) {
  Objective objective = RightObjective(id);
  for (const std::string& parent : parents) {
    objective.alignments.push_back({.parent = ObjectiveName(Acme(), parent)});
  }
  return objective;
}

std::vector<std::string> Shown(const Tree& tree) {
  std::vector<std::string> shown;
  for (const TreeNode& node : tree.nodes) {
    std::string text = absl::StrCat(node.objective->name.id(), "@", node.depth, ":");
    for (size_t child : node.children) {
      absl::StrAppend(&text, " ", tree.nodes[child].objective->name.id());
    }
    shown.push_back(text);
  }
  return shown;
}

std::vector<std::string> Make(const std::vector<Objective>& objectives,
                              const std::optional<ObjectiveName>& root = std::nullopt,
                              int depth = 0) {
  std::vector<const Objective*> pointers;
  for (const Objective& objective : objectives) pointers.push_back(&objective);
  return Shown(MakeTree(pointers, root, depth));
}

TEST(MakeTree, GoesLevelByLevelInTheOrderOfNames) {
  EXPECT_THAT(Make({Serving("d", {"b"}), Serving("b", {}), Serving("c", {"a"}), Serving("a", {})}),
              ElementsAre("a@0: c", "b@0: d", "c@1:", "d@1:"));
}

TEST(MakeTree, ShowsWhatServesSeveralOnce) {
  EXPECT_THAT(Make({Serving("a", {}), Serving("b", {"a"}), Serving("c", {"a", "b"})}),
              ElementsAre("a@0: b c", "b@1: c", "c@1:"));
}

TEST(MakeTree, MakesARootOfWhatServesSomethingElsewhere) {
  EXPECT_THAT(Make({Serving("a", {"other-cycle"})}), ElementsAre("a@0:"));
}

TEST(MakeTree, CountsAlignmentToAKeyResult) {
  Objective child = RightObjective("b");
  const ObjectiveName a(Acme(), "a");
  child.alignments = {{.parent = KeyResultName(a, "k1")}, {.parent = KeyResultName(a, "k2")}};
  EXPECT_THAT(Make({Serving("a", {}), child}), ElementsAre("a@0: b", "b@1:"));
}

TEST(MakeTree, StartsFromOneObjective) {
  EXPECT_THAT(Make({Serving("a", {}), Serving("b", {"a"}), Serving("c", {"b"})},
                   ObjectiveName(Acme(), "b")),
              ElementsAre("b@0: c", "c@1:"));
}

TEST(MakeTree, EndsAtTheDepth) {
  EXPECT_THAT(Make({Serving("a", {}), Serving("b", {"a"}), Serving("c", {"b"})}, std::nullopt, 2),
              ElementsAre("a@0: b", "b@1:"));
}

TEST(MakeTree, OfNothingIsEmpty) { EXPECT_THAT(Make({}), IsEmpty()); }

}  // namespace
}  // namespace okr::goals
