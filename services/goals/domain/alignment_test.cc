#include "services/goals/domain/alignment.h"

#include <map>

#include "services/goals/domain/domain_test_support.h"

namespace okr::goals {
namespace {

using ::testing::ElementsAre;
using testing::HasCode;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::NamesField;

using Graph = std::map<std::string, std::vector<std::string>>;

std::vector<std::string> Find(const Graph& graph, const std::string& from, const std::string& to) {
  auto path = FindPath(from, to, [&](const std::string& node) {
    const auto found = graph.find(node);
    return absl::StatusOr<std::vector<std::string>>(
        found == graph.end() ? std::vector<std::string>() : found->second);
  });
  EXPECT_THAT(path, IsOk());
  return *path;
}

TEST(FindPath, GivesTheShortestWay) {
  const Graph graph = {{"a", {"b", "c"}}, {"b", {"d"}}, {"c", {"e"}}, {"d", {"e"}}};
  EXPECT_THAT(Find(graph, "a", "e"), ElementsAre("a", "c", "e"));
  EXPECT_THAT(Find(graph, "e", "a"), IsEmpty());
  EXPECT_THAT(Find(graph, "a", "a"), ElementsAre("a"));
}

TEST(FindPath, EndsInADiamondAndInACircle) {
  EXPECT_THAT(Find({{"a", {"b", "c"}}, {"b", {"d"}}, {"c", {"d"}}}, "a", "x"), IsEmpty());
  EXPECT_THAT(Find({{"a", {"b"}}, {"b", {"a"}}}, "a", "x"), IsEmpty());
}

TEST(FindPath, AsksForAWholeLevelBeforeItFails) {
  std::vector<std::string> asked;
  const auto path =
      FindPath("a", "x", [&](const std::string& node) -> absl::StatusOr<std::vector<std::string>> {
        asked.push_back(node);
        if (node == "a") return std::vector<std::string>{"b", "c"};
        return absl::InternalError("not loaded");
      });
  EXPECT_THAT(path, HasCode(absl::StatusCode::kInternal));
  EXPECT_THAT(asked, ElementsAre("a", "b", "c"));
}

Alignment To(const std::string& id, std::optional<double> weight = std::nullopt) {
  return {.parent = ObjectiveName(Acme(), id), .weight = weight};
}

TEST(Align, AddsAndChangesTheWeight) {
  ASSERT_OK_AND_ASSIGN(Objective objective, Align(RightObjective(), To("o2"), kLater));
  ASSERT_OK_AND_ASSIGN(objective, Align(objective, To("o3"), kLater));
  ASSERT_OK_AND_ASSIGN(objective, Align(objective, To("o2", 2), kLater));
  EXPECT_THAT(objective.alignments, ElementsAre(To("o2", 2), To("o3")));
  EXPECT_EQ(objective.times.update_time, kLater);
}

TEST(Align, ChangesNothingIfItIsThere) {
  ASSERT_OK_AND_ASSIGN(const Objective objective, Align(RightObjective(), To("o2"), kNow));
  EXPECT_EQ(Align(objective, To("o2"), kLater)->times.update_time, kNow);
}

TEST(Align, StopsAtTheLimit) {
  Objective objective = RightObjective();
  for (int i = 0; i < 20; ++i) objective.alignments.push_back(To(absl::StrCat("p", i)));
  EXPECT_THAT(Align(objective, To("one-more"), kNow), NamesField("alignment"));
  EXPECT_OK(Align(objective, To("p3", 3), kNow));
}

TEST(Unalign, RemovesOne) {
  Objective objective = RightObjective();
  objective.alignments = {To("o2"), To("o3")};
  ASSERT_OK_AND_ASSIGN(objective, Unalign(objective, To("o2").parent_name(), kLater));
  EXPECT_THAT(objective.alignments, ElementsAre(To("o3")));
  EXPECT_THAT(Unalign(objective, To("o2").parent_name(), kLater), HasReason("RESOURCE_NOT_FOUND"));
}

TEST(CheckAlignmentParentExists, WantsWhatIsNamed) {
  const Objective there = RightObjective("o2");
  Objective deleted = there;
  deleted.times.delete_time = kNow;
  const KeyResult key_result = RightKeyResult();
  const Alignment to_key_result{.parent = KeyResultName(there.name, "k1")};
  struct Case {
    Alignment alignment;
    const Objective* objective;
    const KeyResult* key_result;
    bool right;
  };
  for (const Case& c :
       {Case{To("o2"), &there, nullptr, true}, Case{To("o2"), nullptr, nullptr, false},
        Case{To("o2"), &deleted, nullptr, false}, Case{to_key_result, &there, &key_result, true},
        Case{to_key_result, &there, nullptr, false}}) {
    Violations violations;
    CheckAlignmentParentExists(c.alignment, c.objective, c.key_result, "alignment.", violations);
    ExpectField(violations, c.right ? "" : "alignment.parent");
  }
}

TEST(EnsureMayBeServed, RefusesWhatWasGivenUp) {
  Objective parent = RightObjective("o2");
  EXPECT_OK(EnsureMayBeServed(To("o2"), parent, nullptr));
  KeyResult key_result = RightKeyResult();
  key_result.state = KeyResultState::kRetired;
  EXPECT_THAT(EnsureMayBeServed({.parent = KeyResultName(parent.name, "k1")}, parent, &key_result),
              HasReason("KEY_RESULT_STATE"));
  parent.state = ObjectiveState::kRetired;
  EXPECT_THAT(EnsureMayBeServed(To("o2"), parent, nullptr), HasReason("OBJECTIVE_STATE"));
}

TEST(CheckParentCycle, TakesTheSameCycleAndThoseThatContainIt) {
  const CycleName quarter(Acme(), "q1");
  const CycleName year(Acme(), "y");
  const CycleName other(Acme(), "q2");
  for (const auto& [cycle, right] :
       std::vector<std::pair<CycleName, bool>>{{quarter, true}, {year, true}, {other, false}}) {
    Violations violations;
    CheckParentCycle(cycle, {quarter, year}, "alignment.", violations);
    ExpectField(violations, right ? "" : "alignment.parent");
  }
}

}  // namespace
}  // namespace okr::goals
