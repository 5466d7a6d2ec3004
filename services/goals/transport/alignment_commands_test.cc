#include <atomic>
#include <thread>

#include "services/goals/transport/goals_fixture.h"

namespace okr::goals::transport {
namespace {

using okr::testing::HasReason;
using okr::testing::NamesField;
using ::testing::Contains;
using ::testing::HasSubstr;

class Alignments : public GoalsFixture {
 protected:
  v1::UnalignObjectiveRequest UnalignRequest(const std::string& child,
                                             const std::string& parent) const {
    v1::UnalignObjectiveRequest request;
    request.set_name(Name("objectives/" + child));
    request.set_parent(Name("objectives/" + parent));
    return request;
  }
};

TEST_F(Alignments, AreAddedAndEnded) {
  MakeObjective("a");
  MakeObjective("b");
  auto request = AlignRequest("a", "b");
  request.mutable_alignment()->set_weight(2);
  ASSERT_OK_AND_ASSIGN(v1::Objective a, Write(As("ann"), AlignObjective, request));
  ASSERT_EQ(a.alignments_size(), 1);
  EXPECT_EQ(a.alignments(0).weight(), 2);
  EXPECT_THAT(Events(), Contains("okr.goals.v1.ObjectiveAligned"));
  ASSERT_OK_AND_ASSIGN(a, Write(As("ann"), UnalignObjective, UnalignRequest("a", "b")));
  EXPECT_EQ(a.alignments_size(), 0);
  EXPECT_THAT(Events(), Contains("okr.goals.v1.ObjectiveUnaligned"));
  EXPECT_THAT(Write(As("ann"), UnalignObjective, UnalignRequest("a", "b")),
              HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(Alignments, NeverCloseACircle) {
  for (const char* id : {"a", "b", "c"}) MakeObjective(id);
  MakeKeyResult("c", "k1");
  ASSERT_OK(Write(As("ann"), AlignObjective, AlignRequest("a", "b")));
  ASSERT_OK(Write(As("ann"), AlignObjective, AlignRequest("b", "c/keyResults/k1")));
  const auto circle = Write(As("ann"), AlignObjective, AlignRequest("c", "a"));
  EXPECT_THAT(circle, HasReason("ALIGNMENT_CYCLE"));
  EXPECT_EQ(DetailsOf(circle.status()).metadata.at("path"),
            absl::StrCat(Name("objectives/a"), " -> ", Name("objectives/b"), " -> ",
                         Name("objectives/c")));
  EXPECT_THAT(Write(As("ann"), AlignObjective, AlignRequest("a", "a")),
              NamesField("alignment.parent"));
}

TEST_F(Alignments, TellNoNameOfAPrivateObjectiveOnTheWay) {
  MakeObjective("a", "people/bob");
  MakePrivateObjective("secret");
  MakeObjective("c", "people/bob");
  ASSERT_OK(Write(Admin(), AlignObjective, AlignRequest("a", "secret")));
  ASSERT_OK(Write(Admin(), AlignObjective, AlignRequest("secret", "c")));
  const auto circle = Write(As("bob"), AlignObjective, AlignRequest("c", "a"));
  EXPECT_THAT(circle, HasReason("ALIGNMENT_CYCLE"));
  EXPECT_THAT(DetailsOf(circle.status()).metadata.at("path"), HasSubstr("-> (private) ->"));
}

TEST_F(Alignments, ServeWhatIsThereAndOpen) {
  MakeObjective("a");
  MakeObjective("b");
  EXPECT_THAT(Write(As("ann"), AlignObjective, AlignRequest("a", "none")),
              NamesField("alignment.parent"));
  EXPECT_THAT(Write(As("ann"), AlignObjective, AlignRequest("a", "b/keyResults/none")),
              NamesField("alignment.parent"));
  v1::RetireObjectiveRequest retire;
  retire.set_name(Name("objectives/b"));
  retire.set_reason("no need");
  ASSERT_OK(Write(As("ann"), RetireObjective, retire));
  EXPECT_THAT(Write(As("ann"), AlignObjective, AlignRequest("a", "b")),
              HasReason("OBJECTIVE_STATE"));
}

TEST_F(Alignments, ToAPrivateObjectiveNeedItToBeSeen) {
  MakePrivateObjective("secret");
  MakeObjective("a", "people/bob");
  MakeObjective("b", "people/cat");
  EXPECT_THAT(Write(As("bob"), AlignObjective, AlignRequest("a", "secret")),
              NamesField("alignment.parent"));
  EXPECT_OK(Write(As("cat"), AlignObjective, AlignRequest("b", "secret")));
}

TEST_F(Alignments, MayLeadIntoTheCycleThatContainsTheChilds) {
  MakeCycle("q2", "2026-4-1", "2026-6-30", "cycles/year");
  MakeObjective("a", "people/ann", "cycles/q1");
  MakeObjective("y", "people/ann", "cycles/year");
  MakeObjective("z", "people/ann", "cycles/q2");
  EXPECT_OK(Write(As("ann"), AlignObjective, AlignRequest("a", "y")));
  EXPECT_THAT(Write(As("ann"), AlignObjective, AlignRequest("a", "z")),
              NamesField("alignment.parent"));
  EXPECT_THAT(Write(As("ann"), AlignObjective, AlignRequest("y", "a")),
              NamesField("alignment.parent"));
}

TEST_F(Alignments, AreMadeAtCreationToo) {
  MakeObjective("a");
  auto request = ObjectiveRequest("b");
  request.mutable_objective()->add_alignments()->set_parent(Name("objectives/a"));
  ASSERT_OK_AND_ASSIGN(const v1::Objective b, Write(As("ann"), CreateObjective, request));
  EXPECT_EQ(b.alignments_size(), 1);
  EXPECT_THAT(Write(As("ann"), AlignObjective, AlignRequest("a", "b")),
              HasReason("ALIGNMENT_CYCLE"));
}

// Two replicas try to close a ring of objectives from both sides, again and again.
TEST_F(Alignments, OfTwoWritersAtOnceNeverCloseACircle) {
  constexpr int kRounds = 15;
  const std::unique_ptr<store::Writer> other = MakeWriter();
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::string> ring;
    for (const char* id : {"a", "b", "c", "d"}) {
      ring.push_back(absl::StrCat(id, round));
      MakeObjective(ring.back());
    }
    std::atomic<int> made = 0;
    std::vector<std::thread> threads;
    for (size_t i = 0; i < ring.size(); ++i) {
      threads.emplace_back([&, i] {
        store::Writer& writer = i % 2 == 0 ? *writer_ : *other;
        const auto aligned = Write(writer, As("ann"), AlignObjective,
                                   AlignRequest(ring[i], ring[(i + 1) % ring.size()]));
        if (aligned.ok()) {
          ++made;
        } else {
          EXPECT_THAT(aligned, HasReason("ALIGNMENT_CYCLE"));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(made, 3) << "round " << round;
  }
}

}  // namespace
}  // namespace okr::goals::transport
