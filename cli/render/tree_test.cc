#include "cli/render/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/render/objective_tree.h"
#include "cli/render/status.h"

namespace okr::cli {
namespace {

using ::testing::HasSubstr;

TEST(RenderTree, DrawsBranches) {
  EXPECT_EQ(RenderTree({{"Grow", {{"Sell", {{"Spain", {}}}}, {"Keep", {}}}}, {"Other", {}}}),
            "Grow\n"
            "├─ Sell\n"
            "│  └─ Spain\n"
            "└─ Keep\n"
            "Other\n");
}

goals::v1::AlignmentNode Node(const std::string& id, const std::vector<int>& children) {
  goals::v1::AlignmentNode node;
  node.mutable_objective()->set_name("organizations/acme/objectives/" + id);
  node.mutable_objective()->set_title("Title of " + id);
  node.mutable_objective()->set_owner("organizations/acme/teams/web");
  for (const int child : children) node.add_children(child);
  return node;
}

TEST(RenderTree, PutsDetailsBelowEachOther) {
  EXPECT_EQ(RenderTree({{"Grow", {{"Sell", {}, "50 %"}, {"See above", {}}}, "70 %"}}),
            "Grow     70 %\n"
            "├─ Sell  50 %\n"
            "└─ See above\n");
}

TEST(RenderObjectiveTree, ShowsProgressStatusScoreAndOwner) {
  goals::v1::GetAlignmentTreeResponse tree;
  *tree.add_nodes() = Node("grow", {});
  auto& summary = *tree.mutable_nodes(0)->mutable_objective()->mutable_score_summary();
  summary.set_progress(0.42);
  summary.set_score(0.125);
  summary.set_status(scoring::v1::STATUS_AT_RISK);
  tree.add_roots(0);
  EXPECT_EQ(RenderObjectiveTree(tree, false),
            "Title of grow  ████░░░░░░   42 %  at risk     so far 0.13  teams/web  grow\n");
}

TEST(RenderObjectiveTree, ShowsAnObjectiveOfSeveralParentsOnceInFull) {
  goals::v1::GetAlignmentTreeResponse tree;
  *tree.add_nodes() = Node("a", {2});
  *tree.add_nodes() = Node("b", {2});
  *tree.add_nodes() = Node("c", {});
  tree.add_roots(0);
  tree.add_roots(1);
  const std::string text = RenderObjectiveTree(tree, false);
  EXPECT_THAT(text, HasSubstr("└─ Title of c  ··········      -  no status "));
  EXPECT_THAT(text, HasSubstr("└─ Title of c  (see above)\n"));
}

TEST(RenderObjectiveTree, DrawsKeyResultsBeforeChildren) {
  goals::v1::GetAlignmentTreeResponse tree;
  *tree.add_nodes() = Node("a", {1});
  auto& key_result = *tree.mutable_nodes(0)->add_key_results();
  key_result.set_name("organizations/acme/objectives/a/keyResults/nps");
  key_result.set_title("They like us");
  *tree.add_nodes() = Node("b", {});
  tree.add_roots(0);
  EXPECT_THAT(RenderObjectiveTree(tree, false), HasSubstr("├─ • They like us"));
}

TEST(ProgressBar, IsOfTenAndClamped) {
  EXPECT_EQ(ProgressBar(0), "░░░░░░░░░░");
  EXPECT_EQ(ProgressBar(0.55), "██████░░░░");
  EXPECT_EQ(ProgressBar(7), "██████████");
}

TEST(StatusWord, IsAWord) {
  EXPECT_EQ(StatusWord(scoring::v1::STATUS_ON_TRACK), "on track");
  EXPECT_EQ(StatusWord(scoring::v1::STATUS_UNSPECIFIED), "-");
}

}  // namespace
}  // namespace okr::cli
