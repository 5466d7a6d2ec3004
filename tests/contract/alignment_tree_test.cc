#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/contract/company.h"

namespace okr::contract {
namespace {

using ::testing::ElementsAre;

auto Tree(Client& client, absl::string_view more = "") {
  return client.Call<goals::GetAlignmentTreeRequest>(
      absl::StrCat("parent: '$O' cycle: '$O/cycles/now' ", more));
}

std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// "a(0)->b,c" for each node.
std::vector<std::string> Shape(const goals::GetAlignmentTreeResponse& tree) {
  std::vector<std::string> shape;
  for (const auto& node : tree.nodes()) {
    std::vector<std::string> children;
    for (const int child : node.children()) {
      children.push_back(IdOf(tree.nodes(child).objective().name()));
    }
    shape.push_back(absl::StrCat(IdOf(node.objective().name()), "(", node.depth(), ")->",
                                 absl::StrJoin(children, ",")));
  }
  return shape;
}

std::vector<std::string> Roots(const goals::GetAlignmentTreeResponse& tree) {
  std::vector<std::string> roots;
  for (const int root : tree.roots()) roots.push_back(IdOf(tree.nodes(root).objective().name()));
  return roots;
}

// company <- sales, product; both <- growth; growth <- leaf; and alone.
class AlignmentTree : public ::testing::Test {
 protected:
  AlignmentTree() {
    for (const char* id : {"company", "sales", "product", "growth", "leaf", "alone"}) {
      company_.MakeObjective(id);
    }
    company_.Align("sales", "company");
    company_.Align("product", "company");
    company_.Align("growth", "sales");
    company_.Align("growth", "product");
    company_.Align("leaf", "growth");
  }

  Company company_;
};

TEST_F(AlignmentTree, ShowsEachObjectiveOnceParentsFirst) {
  ASSERT_OK_AND_ASSIGN(const auto tree, Tree(company_.vic()));
  EXPECT_THAT(Roots(tree), ElementsAre("alone", "company"));
  EXPECT_THAT(Shape(tree),
              ElementsAre("alone(0)->", "company(0)->product,sales", "product(1)->growth",
                          "sales(1)->growth", "growth(2)->leaf", "leaf(3)->"));
}

TEST_F(AlignmentTree, StartsFromAnObjective) {
  ASSERT_OK_AND_ASSIGN(const auto tree, Tree(company_.ann(), "root: '$O/objectives/sales'"));
  EXPECT_THAT(Roots(tree), ElementsAre("sales"));
  EXPECT_THAT(Shape(tree), ElementsAre("sales(0)->growth", "growth(1)->leaf", "leaf(2)->"));
}

TEST_F(AlignmentTree, EndsAtTheDepth) {
  ASSERT_OK_AND_ASSIGN(const auto one, Tree(company_.ann(), "depth: 1"));
  EXPECT_THAT(Shape(one), ElementsAre("alone(0)->", "company(0)->"));
  ASSERT_OK_AND_ASSIGN(const auto two, Tree(company_.ann(), "depth: 2"));
  EXPECT_THAT(Shape(two),
              ElementsAre("alone(0)->", "company(0)->product,sales", "product(1)->", "sales(1)->"));
  ASSERT_OK_AND_ASSIGN(const auto all, Tree(company_.ann(), "depth: 2147483647"));
  EXPECT_EQ(all.nodes_size(), 6);
}

TEST_F(AlignmentTree, HasKeyResultsIfAskedFor) {
  company_.MakeKeyResult("leaf", "k1");
  company_.MakeKeyResult("leaf", "k2");
  ASSERT_OK(company_.ann().Call<goals::DeleteKeyResultRequest>(
      "name: '$O/objectives/leaf/keyResults/k2'"));
  ASSERT_OK_AND_ASSIGN(const auto with, Tree(company_.ann(), "include_key_results: true"));
  EXPECT_EQ(with.nodes(5).key_results_size(), 1);
  ASSERT_OK_AND_ASSIGN(const auto without, Tree(company_.ann()));
  EXPECT_EQ(without.nodes(5).key_results_size(), 0);
}

TEST_F(AlignmentTree, FollowsAlignmentToAKeyResult) {
  company_.MakeKeyResult("alone", "k");
  ASSERT_OK(company_.ann().Call<goals::AlignObjectiveRequest>(
      "name: '$O/objectives/leaf' alignment { parent: '$O/objectives/alone/keyResults/k' }"));
  ASSERT_OK_AND_ASSIGN(const auto tree, Tree(company_.ann(), "root: '$O/objectives/alone'"));
  EXPECT_THAT(Shape(tree), ElementsAre("alone(0)->leaf", "leaf(1)->"));
}

TEST_F(AlignmentTree, LeavesOutWhatIsDeleted) {
  ASSERT_OK(company_.ann().Call<goals::DeleteObjectiveRequest>("name: '$O/objectives/growth'"));
  ASSERT_OK_AND_ASSIGN(const auto tree, Tree(company_.ann()));
  EXPECT_THAT(Roots(tree), ElementsAre("alone", "company", "leaf"));
}

TEST_F(AlignmentTree, IsOfOneCycle) {
  company_.MakeCycle("quarter", "parent: '$O/cycles/now'");
  company_.MakeObjective("quarterly", "cycle: '$O/cycles/quarter'");
  company_.Align("quarterly", "company");
  ASSERT_OK_AND_ASSIGN(const auto year, Tree(company_.ann()));
  EXPECT_EQ(year.nodes_size(), 6);
  ASSERT_OK_AND_ASSIGN(const auto quarter, company_.ann().Call<goals::GetAlignmentTreeRequest>(
                                               "parent: '$O' cycle: '$O/cycles/quarter'"));
  EXPECT_THAT(Roots(quarter), ElementsAre("quarterly"));
}

TEST_F(AlignmentTree, NamesAllWrongFieldsAtOnce) {
  EXPECT_THAT(WrongFields(company_.ann().Call<goals::GetAlignmentTreeRequest>(
                  "parent: '$O/x' cycle: 'x' root: 'x' depth: -1")),
              ElementsAre("cycle", "depth", "parent", "root"));
}

TEST_F(AlignmentTree, IsNotFoundWithoutItsCycleOrRoot) {
  EXPECT_THAT(
      company_.ann().Call<goals::GetAlignmentTreeRequest>("parent: '$O' cycle: '$O/cycles/none'"),
      IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(Tree(company_.ann(), "root: '$O/objectives/none'"), IsRefused("RESOURCE_NOT_FOUND"));
}

}  // namespace
}  // namespace okr::contract
