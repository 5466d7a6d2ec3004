#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/company.h"

namespace okr::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

auto Align(Client& client, absl::string_view child, absl::string_view parent,
           absl::string_view more = "") {
  return client.Call<goals::AlignObjectiveRequest>(
      absl::StrCat("name: '$O/objectives/", child, "' alignment { parent: '$O/objectives/", parent,
                   "' ", more, "}"));
}

auto Unalign(Client& client, absl::string_view child, absl::string_view parent) {
  return client.Call<goals::UnalignObjectiveRequest>(
      absl::StrCat("name: '$O/objectives/", child, "' parent: '$O/objectives/", parent, "'"));
}

void MakeObjectives(Company& company, int count) {
  for (int i = 0; i < count; ++i) company.MakeObjective(absl::StrCat("o", i));
}

TEST(AlignObjective, AddsAParentAndChangesItsWeight) {
  Company company;
  MakeObjectives(company, 3);
  ASSERT_OK_AND_ASSIGN(const auto aligned, Align(company.ann(), "o0", "o1"));
  ASSERT_EQ(aligned.alignments_size(), 1);
  EXPECT_EQ(aligned.alignments(0).parent(), company.name("objectives/o1"));
  ASSERT_OK_AND_ASSIGN(const auto weighted, Align(company.ann(), "o0", "o1", "weight: 3"));
  ASSERT_EQ(weighted.alignments_size(), 1);
  EXPECT_EQ(weighted.alignments(0).weight(), 3);
  EXPECT_NE(weighted.etag(), aligned.etag());
  ASSERT_OK_AND_ASSIGN(const auto both, Align(company.ann(), "o0", "o2"));
  EXPECT_EQ(both.alignments_size(), 2);
}

TEST(AlignObjective, ToAKeyResult) {
  Company company;
  MakeObjectives(company, 2);
  company.MakeKeyResult("o1", "k");
  ASSERT_OK_AND_ASSIGN(const auto aligned, Align(company.ann(), "o0", "o1/keyResults/k"));
  EXPECT_EQ(aligned.alignments(0).parent(), company.name("objectives/o1/keyResults/k"));
  EXPECT_THAT(Align(company.ann(), "o1", "o0"), IsRefused("ALIGNMENT_CYCLE"));
}

TEST(AlignObjective, RepeatedChangesNothing) {
  Company company;
  MakeObjectives(company, 2);
  company.Align("o0", "o1");
  const std::string before = company.Snapshot();
  ASSERT_OK(Align(company.ann(), "o0", "o1"));
  EXPECT_EQ(company.Snapshot(), before);
}

TEST(AlignObjective, NamesAllWrongFieldsAtOnce) {
  Company company;
  MakeObjectives(company, 2);
  EXPECT_THAT(WrongFields(Align(company.ann(), "o0", "none", "weight: -1")),
              ElementsAre("alignment.parent", "alignment.weight"));
  for (const char* weight : {"weight: 0", "weight: nan", "weight: inf", "weight: 1e7"}) {
    EXPECT_THAT(WrongFields(Align(company.ann(), "o0", "o1", weight)),
                ElementsAre("alignment.weight"))
        << weight;
  }
  EXPECT_THAT(WrongFields(Align(company.ann(), "o0", "o1/keyResults/none")),
              ElementsAre("alignment.parent"));
  EXPECT_THAT(
      WrongFields(company.ann().Call<goals::AlignObjectiveRequest>("name: '$O/objectives/o0'")),
      ElementsAre("alignment.parent"));
}

TEST(AlignObjective, RefusesItself) {
  Company company;
  MakeObjectives(company, 1);
  const auto refused = Align(company.ann(), "o0", "o0");
  EXPECT_FALSE(refused.ok());
  EXPECT_TRUE(ReasonOf(refused.status()) == "INVALID_FIELDS" ||
              ReasonOf(refused.status()) == "ALIGNMENT_CYCLE")
      << refused.status();
}

TEST(AlignObjective, RefusesACircleOfAnyLength) {
  constexpr int kLength = 12;
  Company company;
  MakeObjectives(company, kLength);
  for (int i = 0; i + 1 < kLength; ++i) {
    company.Align(absl::StrCat("o", i), absl::StrCat("o", i + 1));
    const std::string before = company.Snapshot();
    const auto refused = Align(company.ann(), absl::StrCat("o", i + 1), "o0");
    EXPECT_THAT(refused, IsRefused("ALIGNMENT_CYCLE"));
    EXPECT_THAT(DetailsOf(refused.status()).metadata["path"], HasSubstr("objectives/o0"));
    EXPECT_EQ(company.Snapshot(), before);
  }
}

TEST(AlignObjective, AllowsADiamond) {
  Company company;
  MakeObjectives(company, 4);
  EXPECT_OK(Align(company.ann(), "o0", "o1"));
  EXPECT_OK(Align(company.ann(), "o0", "o2"));
  EXPECT_OK(Align(company.ann(), "o1", "o3"));
  EXPECT_OK(Align(company.ann(), "o2", "o3"));
  EXPECT_THAT(Align(company.ann(), "o3", "o0"), IsRefused("ALIGNMENT_CYCLE"));
}

TEST(AlignObjective, TakesTwentyParentsAtMost) {
  Company company;
  MakeObjectives(company, 22);
  for (int i = 1; i <= 20; ++i) company.Align("o0", absl::StrCat("o", i));
  EXPECT_THAT(WrongFields(Align(company.ann(), "o0", "o21")), ElementsAre("alignment"));
  EXPECT_OK(Align(company.ann(), "o0", "o20", "weight: 2"));
}

TEST(AlignObjective, ServesTheSameCycleOrOneThatContainsIt) {
  Company company;
  company.MakeCycle("quarter", "parent: '$O/cycles/now'");
  company.MakeCycle("other");
  company.MakeObjective("year");
  company.MakeObjective("quarterly", "cycle: '$O/cycles/quarter'");
  company.MakeObjective("elsewhere", "cycle: '$O/cycles/other'");
  EXPECT_OK(Align(company.ann(), "quarterly", "year"));
  EXPECT_THAT(WrongFields(Align(company.ann(), "quarterly", "elsewhere")),
              ElementsAre("alignment.parent"));
}

TEST(AlignObjective, OnlyTheChildsOwnerLeadsAndAdministratorsMay) {
  Company company;
  company.MakeObjective("bens", "owner: '$O/people/ben'");
  company.MakeObjective("anns");
  EXPECT_THAT(Align(company.ann(), "bens", "anns"), IsRefused("PERMISSION_DENIED"));
  EXPECT_OK(Align(company.ben(), "bens", "anns"));
  EXPECT_THAT(Unalign(company.ann(), "bens", "anns"), IsRefused("PERMISSION_DENIED"));
  EXPECT_OK(Unalign(company.ben(), "bens", "anns"));
}

TEST(AlignObjective, ServesNothingThatIsOver) {
  Company company;
  MakeObjectives(company, 4);
  company.MakeKeyResult("o1", "k");
  ASSERT_OK(company.ann().Call<goals::RetireKeyResultRequest>(
      "name: '$O/objectives/o1/keyResults/k' reason: 'X'"));
  EXPECT_THAT(Align(company.ann(), "o0", "o1/keyResults/k"), IsRefused("KEY_RESULT_STATE"));
  ASSERT_OK(company.ann().Call<goals::DeleteObjectiveRequest>("name: '$O/objectives/o2'"));
  EXPECT_THAT(WrongFields(Align(company.ann(), "o0", "o2")), ElementsAre("alignment.parent"));
  company.OpenGrading("now");
  EXPECT_THAT(Align(company.ann(), "o0", "o3"), IsRefused("CYCLE_STATE"));
}

TEST(UnalignObjective, EndsAnAlignmentSoThatTheOtherWayIsFree) {
  Company company;
  MakeObjectives(company, 2);
  company.Align("o0", "o1");
  ASSERT_OK_AND_ASSIGN(const auto alone, Unalign(company.ann(), "o0", "o1"));
  EXPECT_EQ(alone.alignments_size(), 0);
  EXPECT_OK(Align(company.ann(), "o1", "o0"));
}

TEST(UnalignObjective, IsNotFoundWithoutTheAlignment) {
  Company company;
  MakeObjectives(company, 2);
  EXPECT_THAT(Unalign(company.ann(), "o0", "o1"), IsRefused("RESOURCE_NOT_FOUND"));
}

// All pairs at once in both directions: whatever wins, no circle may remain.
TEST(ConcurrentAlignments, NeverCloseACircle) {
  constexpr int kObjectives = 5;
  for (int round = 0; round < 6; ++round) {
    Company company;
    MakeObjectives(company, kObjectives);
    std::atomic<int> aligned{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < kObjectives; ++i) {
      threads.emplace_back([&, i] {
        const auto client = company.NewClient("ann");
        for (int step = 1; step < kObjectives; ++step) {
          const auto answer =
              Align(*client, absl::StrCat("o", i), absl::StrCat("o", (i + step) % kObjectives));
          if (answer.ok()) {
            ++aligned;
          } else {
            EXPECT_THAT(answer, IsRefused("ALIGNMENT_CYCLE"));
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    // Of each pair exactly one direction can win, since the refused one found a way already there.
    EXPECT_GE(aligned, kObjectives - 1);
    EXPECT_LE(aligned, kObjectives * (kObjectives - 1) / 2);
    const auto list = company.ann().Call<goals::ListObjectivesRequest>("parent: '$O'");
    ASSERT_OK(list);
    std::map<std::string, std::set<std::string>> parents;
    for (const auto& objective : list->objectives()) {
      auto& mine = parents[objective.name()];
      for (const auto& alignment : objective.alignments()) mine.insert(alignment.parent());
    }
    // Taking away what serves nothing more takes all away, unless there is a circle.
    for (bool removed = true; removed && !parents.empty();) {
      removed = false;
      for (auto it = parents.begin(); it != parents.end();) {
        if (!it->second.empty()) {
          ++it;
          continue;
        }
        for (auto& [name, others] : parents) others.erase(it->first);
        it = parents.erase(it);
        removed = true;
      }
    }
    EXPECT_TRUE(parents.empty()) << "a circle remains, e.g. with " << parents.begin()->first;
  }
}

// The same objective is aligned by many at once: nobody's alignment is lost.
TEST(ConcurrentAlignments, LoseNothing) {
  constexpr int kParents = 8;
  Company company;
  MakeObjectives(company, kParents + 1);
  std::vector<std::thread> threads;
  for (int i = 1; i <= kParents; ++i) {
    threads.emplace_back([&, i] {
      const auto client = company.NewClient("ann");
      EXPECT_OK(Align(*client, "o0", absl::StrCat("o", i)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(
      company.ann().Call<goals::GetObjectiveRequest>("name: '$O/objectives/o0'")->alignments_size(),
      kParents);
}

}  // namespace
}  // namespace okr::contract
