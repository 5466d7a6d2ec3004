#include "services/goals/store/tables.h"
#include "services/goals/transport/goals_fixture.h"
#include "services/goals/transport/goals_reads.h"

namespace okr::goals::transport {
namespace {

using okr::testing::HasReason;
using okr::testing::NamesField;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Reads : public GoalsFixture {
 protected:
  v1::ListObjectivesRequest ListRequest() const {
    v1::ListObjectivesRequest request;
    request.set_parent(Parent());
    return request;
  }
  v1::GetAlignmentTreeRequest TreeRequest() const {
    v1::GetAlignmentTreeRequest request;
    request.set_parent(Parent());
    request.set_cycle(Name("cycles/q1"));
    return request;
  }
  static std::vector<std::string> Ids(const v1::ListObjectivesResponse& response) {
    std::vector<std::string> ids;
    for (const auto& objective : response.objectives()) ids.push_back(IdOfName(objective.name()));
    return ids;
  }
  static std::string IdOfName(const std::string& name) { return name.substr(name.rfind('/') + 1); }
};

TEST_F(Reads, ListsInPagesInTheOrderOfNames) {
  for (const char* id : {"c", "a", "b"}) MakeObjective(id);
  auto request = ListRequest();
  request.set_page_size(2);
  ASSERT_OK_AND_ASSIGN(auto page, ListObjectives(read_deps_, As("ann"), request));
  EXPECT_THAT(Ids(page), ElementsAre("a", "b"));
  request.set_page_token(page.next_page_token());
  ASSERT_OK_AND_ASSIGN(page, ListObjectives(read_deps_, As("ann"), request));
  EXPECT_THAT(Ids(page), ElementsAre("c"));
  EXPECT_THAT(page.next_page_token(), IsEmpty());
}

TEST_F(Reads, ListsByCycleOwnerAndState) {
  MakeObjective("a", "people/ann");
  MakeObjective("b", "people/bob");
  MakeObjective("c", "people/ann", "cycles/year");
  MakeKeyResult("a", "k1");
  Activate("a");
  auto by_owner = ListRequest();
  by_owner.set_owner(Name("people/me"));
  EXPECT_THAT(Ids(*ListObjectives(read_deps_, As("ann"), by_owner)), ElementsAre("a", "c"));
  auto by_cycle = ListRequest();
  by_cycle.set_cycle(Name("cycles/q1"));
  EXPECT_THAT(Ids(*ListObjectives(read_deps_, As("ann"), by_cycle)), ElementsAre("a", "b"));
  auto by_state = by_cycle;
  by_state.set_state(v1::OBJECTIVE_STATE_DRAFT);
  EXPECT_THAT(Ids(*ListObjectives(read_deps_, As("ann"), by_state)), ElementsAre("b"));
}

TEST_F(Reads, ListsDeletedOnesOnlyWhenAsked) {
  MakeObjective("a");
  v1::DeleteObjectiveRequest gone;
  gone.set_name(Name("objectives/a"));
  ASSERT_OK(Write(Admin(), DeleteObjective, gone));
  auto request = ListRequest();
  EXPECT_THAT(Ids(*ListObjectives(read_deps_, As("ann"), request)), IsEmpty());
  request.set_show_deleted(true);
  EXPECT_THAT(Ids(*ListObjectives(read_deps_, As("ann"), request)), ElementsAre("a"));
}

TEST_F(Reads, RefusesWrongPagesAndFilters) {
  auto request = ListRequest();
  request.set_page_size(-1);
  request.set_page_token("forged");
  request.set_cycle("q1");
  request.set_state(static_cast<v1::ObjectiveState>(77));
  const auto page = ListObjectives(read_deps_, As("ann"), request);
  for (const char* field : {"page_size", "page_token", "cycle", "state"}) {
    EXPECT_THAT(page, NamesField(field));
  }
}

TEST_F(Reads, ATokenBelongsToItsFilterAndCaller) {
  for (const char* id : {"a", "b"}) MakeObjective(id);
  auto request = ListRequest();
  request.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto page, ListObjectives(read_deps_, As("ann"), request));
  request.set_page_token(page.next_page_token());
  EXPECT_THAT(ListObjectives(read_deps_, As("bob"), request), NamesField("page_token"));
  request.set_owner(Name("people/ann"));
  EXPECT_THAT(ListObjectives(read_deps_, As("ann"), request), NamesField("page_token"));
}

TEST_F(Reads, HidesPrivateObjectivesAndTheirKeyResults) {
  MakePrivateObjective("secret");
  MakeKeyResult("secret", "k1");
  v1::ListKeyResultsRequest all;
  all.set_parent(Name("objectives/-"));
  v1::ListKeyResultsRequest one;
  one.set_parent(Name("objectives/secret"));
  v1::BatchGetObjectivesRequest objectives;
  objectives.set_parent(Parent());
  objectives.add_names(Name("objectives/secret"));
  v1::BatchGetKeyResultsRequest key_results;
  key_results.set_parent(Parent());
  key_results.add_names(Name("objectives/secret/keyResults/k1"));
  struct Case {
    rpc::Call call;
    bool sees;
  };
  for (const Case& c : {Case{As("ann"), true}, Case{As("cat"), true}, Case{Admin(), true},
                        Case{As("bob"), false}}) {
    SCOPED_TRACE(c.call.principal.subject);
    const int count = c.sees ? 1 : 0;
    EXPECT_EQ(ListObjectives(read_deps_, c.call, ListRequest())->objectives_size(), count);
    EXPECT_EQ(ListKeyResults(read_deps_, c.call, all)->key_results_size(), count);
    EXPECT_EQ(GetAlignmentTree(read_deps_, c.call, TreeRequest())->nodes_size(), count);
    EXPECT_EQ(ListKeyResults(read_deps_, c.call, one).ok(), c.sees);
    EXPECT_EQ(BatchGetObjectives(read_deps_, c.call, objectives).ok(), c.sees);
    EXPECT_EQ(BatchGetKeyResults(read_deps_, c.call, key_results).ok(), c.sees);
  }
}

TEST_F(Reads, ShowsScoresOfPeopleOnlyToThem) {
  MakeObjective("own", "people/ann");
  MakeObjective("team", "teams/web");
  StoreSummary("objectives/own", 0.4);
  StoreSummary("objectives/team", 0.6);
  ASSERT_OK_AND_ASSIGN(const auto to_bob, ListObjectives(read_deps_, As("bob"), ListRequest()));
  EXPECT_FALSE(to_bob.objectives(0).score_summary().has_score());
  EXPECT_EQ(to_bob.objectives(0).score_summary().progress(), 0.4);
  EXPECT_EQ(to_bob.objectives(1).score_summary().score(), 0.6);
  ASSERT_OK_AND_ASSIGN(const auto to_ann, ListObjectives(read_deps_, As("ann"), ListRequest()));
  EXPECT_EQ(to_ann.objectives(0).score_summary().score(), 0.4);
}

TEST_F(Reads, BatchGetKeepsTheOrderAndNamesWhatIsMissing) {
  MakeObjective("a");
  MakeObjective("b");
  v1::BatchGetObjectivesRequest request;
  request.set_parent(Parent());
  for (const char* id : {"b", "a", "b"}) request.add_names(Name(absl::StrCat("objectives/", id)));
  ASSERT_OK_AND_ASSIGN(const auto got, BatchGetObjectives(read_deps_, As("ann"), request));
  EXPECT_EQ(IdOfName(got.objectives(0).name()), "b");
  EXPECT_EQ(IdOfName(got.objectives(1).name()), "a");
  EXPECT_EQ(got.objectives_size(), 3);
  request.add_names(Name("objectives/none"));
  const auto missing = BatchGetObjectives(read_deps_, As("ann"), request);
  EXPECT_THAT(missing, HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_EQ(DetailsOf(missing.status()).metadata.at("name"), Name("objectives/none"));
}

TEST_F(Reads, BatchGetRefusesNoNamesAndStrangeOnes) {
  v1::BatchGetObjectivesRequest request;
  request.set_parent(Parent());
  EXPECT_THAT(BatchGetObjectives(read_deps_, As("ann"), request), NamesField("names"));
  request.add_names("organizations/other/objectives/a");
  EXPECT_THAT(BatchGetObjectives(read_deps_, As("ann"), request), NamesField("names[0]"));
}

TEST_F(Reads, ShowsTheTreeWithKeyResults) {
  MakeObjective("a");
  MakeObjective("b");
  MakeKeyResult("b", "k1");
  ASSERT_OK(Write(As("ann"), AlignObjective, AlignRequest("b", "a")));
  auto request = TreeRequest();
  request.set_include_key_results(true);
  ASSERT_OK_AND_ASSIGN(const auto tree, GetAlignmentTree(read_deps_, As("bob"), request));
  ASSERT_EQ(tree.nodes_size(), 2);
  EXPECT_THAT(tree.roots(), ElementsAre(0));
  EXPECT_THAT(tree.nodes(0).children(), ElementsAre(1));
  EXPECT_EQ(tree.nodes(1).depth(), 1);
  EXPECT_EQ(tree.nodes(1).key_results_size(), 1);
}

TEST_F(Reads, RefusesWrongTrees) {
  MakeObjective("y", "people/ann", "cycles/year");
  auto request = TreeRequest();
  request.set_depth(-1);
  EXPECT_THAT(GetAlignmentTree(read_deps_, As("ann"), request), NamesField("depth"));
  request.set_depth(0);
  request.set_root(Name("objectives/y"));
  EXPECT_THAT(GetAlignmentTree(read_deps_, As("ann"), request), NamesField("root"));
  request.set_root(Name("objectives/none"));
  EXPECT_THAT(GetAlignmentTree(read_deps_, As("ann"), request), HasReason("RESOURCE_NOT_FOUND"));
  request = TreeRequest();
  request.set_cycle(Name("cycles/none"));
  EXPECT_THAT(GetAlignmentTree(read_deps_, As("ann"), request), HasReason("RESOURCE_NOT_FOUND"));
}

}  // namespace
}  // namespace okr::goals::transport
