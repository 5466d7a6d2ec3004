// GetTeamScorecard and GetCycleReport: the numbers, and when they are withheld.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "common/status/error.h"
#include "tests/support/company.h"
#include "tests/support/refusals.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::scoring::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kHundred[] = " metric { baseline: 0 target: 100 }";

// "LIMITED:1 PARTIAL:0 DELIVERED:2"
std::string Bands(const v1::Aggregate& aggregate) {
  std::string text;
  for (const v1::BandCount& band : aggregate.bands()) {
    absl::StrAppend(&text, text.empty() ? "" : " ", v1::Band_Name(band.band()).substr(5), ":",
                    band.count());
  }
  return text;
}

// Nothing but the counts of objectives and why.
void ExpectWithheld(const v1::Aggregate& aggregate, const std::string& reason, int objectives) {
  EXPECT_TRUE(aggregate.withheld());
  EXPECT_THAT(aggregate.withheld_reason(), StartsWith(reason));
  EXPECT_EQ(aggregate.objective_count(), objectives);
  v1::Aggregate rest = aggregate;
  rest.clear_withheld();
  rest.clear_withheld_reason();
  rest.clear_objective_count();
  rest.clear_scored_count();
  rest.clear_retired_count();
  rest.clear_incomplete_count();
  EXPECT_EQ(rest.ShortDebugString(), "");
}

class Aggregates : public ::testing::Test {
 protected:
  // An objective with this score so far.
  void Scored(const std::string& objective, double score, absl::string_view fields = "") {
    company_.MakeObjective(objective, fields);
    EXPECT_OK(company_.CheckInWith("admin", objective, absl::StrCat("value: ", score * 100)));
  }
  v1::TeamScorecard Card(const std::string& team, absl::string_view more = "",
                         const std::string& person = "zoe") {
    const auto card = company_.Call<v1::GetTeamScorecardRequest>(
        person, absl::StrCat("team: '$O/teams/", team, "' cycle: '$O/cycles/now' ", more));
    EXPECT_OK(card);
    return card.value_or(v1::TeamScorecard());
  }
  v1::CycleReport Report(const std::string& person = "zoe") {
    const auto report = company_.Call<v1::GetCycleReportRequest>(person, "cycle: '$O/cycles/now'");
    EXPECT_OK(report);
    return report.value_or(v1::CycleReport());
  }
  void Close() {
    ASSERT_OK(company_.OpenCycleGrading("now"));
    ASSERT_OK(company_.CloseCycle("now"));
    Eventually(
        [&] {
          return company_.Call<v1::GetCycleReportRequest>(
              "zoe", "cycle: '$O/cycles/now' require_final: true");
        },
        [](const auto& report) { return report.final(); });
  }

  Company company_;
};

TEST_F(Aggregates, OfATeamAreOverItsOwnObjectives) {
  Scored("a", 0.2);
  Scored("b", 0.7);
  Scored("c", 0.9);
  company_.MakeObjective("d");
  company_.MakeObjective("learning", "",
                         {{"kr", absl::StrCat("commitment: COMMITMENT_LEARNING", kHundred)}});
  company_.MakeObjective("retired");
  ASSERT_OK(company_.Call<goals::v1::RetireObjectiveRequest>(
      "admin", "name: '$O/objectives/retired' reason: 'Enough'"));
  company_.DraftObjective("draft");
  const v1::TeamScorecard card = Card("crew");
  const v1::Aggregate& own = card.own();
  EXPECT_FALSE(own.withheld());
  EXPECT_NEAR(own.mean_score(), (0.2 + 0.7 + 0.9 + 0) / 4, 1e-12);
  EXPECT_NEAR(own.mean_progress(), (0.2 + 0.7 + 0.9 + 0 + 0) / 5, 1e-12);
  EXPECT_EQ(own.state(), v1::SCORE_STATE_PROVISIONAL);
  EXPECT_EQ(Bands(own), "LIMITED:2 PARTIAL:0 DELIVERED:2");
  EXPECT_EQ(own.objective_count(), 5);
  EXPECT_EQ(own.scored_count(), 4);
  EXPECT_EQ(own.retired_count(), 1);
  EXPECT_EQ(own.incomplete_count(), 1);
  EXPECT_EQ(own.verdict(), v1::VERDICT_UNSPECIFIED);  // Verdicts are for final scores.
  EXPECT_FALSE(card.has_including_sub_teams());
  EXPECT_EQ(card.objectives_size(), 5);
  EXPECT_EQ(card.policy(), "okr-v1");
  EXPECT_EQ(card.team(), company_.Name("teams/crew"));
}

TEST_F(Aggregates, AreExplained) {
  Scored("a", 0.1);
  Scored("b", 0.7);
  const v1::Aggregate own = Card("crew").own();
  double sum = 0;
  for (const v1::ExplanationPart& part : own.score_explanation().parts()) {
    EXPECT_TRUE(part.included());
    sum += part.weight() * part.value();
  }
  EXPECT_EQ(sum / 2, own.mean_score());
  EXPECT_EQ(own.score_explanation().parts(1).name(), company_.Name("objectives/b"));
}

TEST_F(Aggregates, OfFinalScoresGiveAVerdictAndListMissedPromises) {
  Scored("a", 0.5);
  Scored("b", 0.6);
  Scored("c", 0.85);
  Scored("kept", 1, "commitment: COMMITMENT_COMMITTED");
  Scored("missed", 0.99, "commitment: COMMITMENT_COMMITTED");
  EXPECT_THAT(Card("crew").own().missed_promises(), IsEmpty());
  Close();
  const v1::TeamScorecard card = Card("crew");
  EXPECT_EQ(card.own().verdict(), v1::VERDICT_SWEET_SPOT);  // Of 0.65.
  EXPECT_EQ(card.own().state(), v1::SCORE_STATE_FINAL);
  EXPECT_THAT(card.own().missed_promises(), ElementsAre(company_.Name("objectives/missed")));
  const v1::CycleReport report = Report();
  EXPECT_TRUE(report.final());
  EXPECT_EQ(report.organization().verdict(), v1::VERDICT_SWEET_SPOT);
  EXPECT_NEAR(report.organization().mean_score(), (0.5 + 0.6 + 0.85 + 1 + 0) / 5, 1e-12);
}

TEST_F(Aggregates, GiveNoVerdictOverFewerThanThree) {
  Scored("a", 0.5);
  Scored("b", 0.6);
  Scored("promise", 1, "commitment: COMMITMENT_COMMITTED");
  Close();
  EXPECT_EQ(Card("crew").own().verdict(), v1::VERDICT_UNSPECIFIED);
}

TEST_F(Aggregates, OfFewerThanFivePeopleAreWithheld) {
  ASSERT_OK(company_.CreateTeam("few", {"ann", "ben", "cat", "dan"}));
  Scored("a", 0.5, "owner: '$O/teams/few'");
  ExpectWithheld(Card("few").own(), "TOO_FEW_PEOPLE", 1);
  const v1::CycleReport report = Report();
  ExpectWithheld(report.organization(), "TOO_FEW_PEOPLE", 1);
  ASSERT_EQ(report.teams_size(), 1);
  ExpectWithheld(report.teams(0).own(), "TOO_FEW_PEOPLE", 1);
  // Nor is the mean put together again from the list beside it.
  const v1::TeamScorecard card = Card("few");
  EXPECT_EQ(card.objectives_size(), 1);
  for (const v1::ObjectiveScore& objective : card.objectives()) {
    EXPECT_FALSE(objective.has_score());
  }
}

TEST_F(Aggregates, AreWithheldWhereSubtractionWouldShowAFew) {
  ASSERT_OK(company_.CreateTeam("few", {"zoe", "vic"}));
  Scored("crews", 0.5);
  Scored("fews", 0.9, "owner: '$O/teams/few'");
  const v1::CycleReport report = Report();
  // The whole is over seven people; beside crew's five it would show two.
  EXPECT_FALSE(report.organization().withheld());
  ASSERT_EQ(report.teams_size(), 2);
  ExpectWithheld(report.teams(0).own(), "BY_SUBTRACTION", 1);
  ExpectWithheld(report.teams(1).own(), "TOO_FEW_PEOPLE", 1);
  ExpectWithheld(Card("crew").own(), "BY_SUBTRACTION", 1);
}

TEST_F(Aggregates, DoNotShowThePersonalScoreThatIsLeftWhenTheTeamsAreTakenOut) {
  Scored("crews", 0.5);
  Scored("hers", 0.9, "owner: '$O/people/zoe' commitment: COMMITMENT_COMMITTED");
  for (const char* person : {"ben", "admin", "zoe"}) {
    const v1::CycleReport report = Report(person);
    EXPECT_TRUE(report.organization().withheld()) << person;
    EXPECT_FALSE(report.organization().has_mean_score()) << person;
    EXPECT_FALSE(report.organization().has_score_explanation()) << person;
  }
}

TEST_F(Aggregates, OverFivePersonsAreShownWithoutTheirScores) {
  for (const char* person : {"ann", "ben", "cat", "dan", "eve"}) {
    Scored(absl::StrCat("of-", person), 0.5, absl::StrCat("owner: '$O/people/", person, "'"));
  }
  const v1::Aggregate all = Report("zoe").organization();
  EXPECT_FALSE(all.withheld());
  EXPECT_EQ(all.mean_score(), 0.5);
  for (const v1::ExplanationPart& part : all.score_explanation().parts()) {
    EXPECT_THAT(part.name(), Not(HasSubstr("of-")));
  }
}

TEST_F(Aggregates, IncludeSubTeamsAndTheirPersonsWhereAsked) {
  for (const char* person : {"fay", "gus", "hal", "ida", "joe"}) {
    ASSERT_OK(company_.CreatePerson(person));
  }
  ASSERT_OK(company_.CreateTeam("below", {"fay", "gus", "hal", "ida", "joe"}, "crew"));
  Scored("a", 0.2);
  Scored("b", 0.8, "owner: '$O/teams/below'");
  const v1::TeamScorecard card = Card("crew", "include_sub_teams: true");
  EXPECT_EQ(card.own().mean_score(), 0.2);
  EXPECT_FALSE(card.including_sub_teams().withheld());
  EXPECT_NEAR(card.including_sub_teams().mean_score(), 0.5, 1e-12);
  EXPECT_EQ(card.including_sub_teams().objective_count(), 2);
}

TEST_F(Aggregates, OfNothingAreEmpty) {
  const v1::TeamScorecard card = Card("crew");
  EXPECT_FALSE(card.own().has_mean_score());
  EXPECT_EQ(card.own().objective_count(), 0);
  const v1::CycleReport report = Report("vic");
  EXPECT_FALSE(report.organization().has_mean_score());
  EXPECT_THAT(report.teams(), IsEmpty());
  EXPECT_FALSE(report.final());
}

TEST_F(Aggregates, HidePrivateObjectivesFromTheirLists) {
  for (const char* person : {"ann", "ben", "cat", "dan", "eve"}) {
    Scored(absl::StrCat("secret-", person), 0.5,
           absl::StrCat("owner: '$O/people/", person, "' visibility: VISIBILITY_PRIVATE"));
  }
  EXPECT_THAT(Report("zoe").DebugString(), Not(HasSubstr("secret")));
  EXPECT_THAT(Card("crew", "include_sub_teams: true").DebugString(), Not(HasSubstr("secret")));
}

TEST_F(Aggregates, CanBeRequiredToBeFinal) {
  constexpr char kFinal[] = "cycle: '$O/cycles/now' require_final: true";
  EXPECT_THAT(company_.Call<v1::GetCycleReportRequest>("zoe", kFinal),
              IsRefused("SCORES_NOT_FINAL"));
  ASSERT_OK(company_.OpenCycleGrading("now"));
  EXPECT_THAT(company_.Call<v1::GetCycleReportRequest>("zoe", kFinal),
              IsRefused("SCORES_NOT_FINAL"));
  ASSERT_OK(company_.CloseCycle("now"));
  Eventually([&] { return company_.Call<v1::GetCycleReportRequest>("zoe", kFinal); },
             [](const auto& report) { return report.final(); });
}

TEST_F(Aggregates, RefuseUnknownAndWrongNamesAndOtherOrganizations) {
  const auto card = [&](absl::string_view text) {
    return company_.Call<v1::GetTeamScorecardRequest>("zoe", text);
  };
  EXPECT_THAT(WrongFields(card("")), ElementsAre("cycle", "team"));
  EXPECT_THAT(WrongFields(card("team: '$O/people/zoe' cycle: '$O/teams/crew'")),
              ElementsAre("cycle", "team"));
  EXPECT_THAT(card("team: '$O/teams/none' cycle: '$O/cycles/now'"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(card("team: '$O/teams/crew' cycle: '$O/cycles/none'"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(WrongFields(company_.Call<v1::GetCycleReportRequest>("zoe", "")),
              ElementsAre("cycle"));
  EXPECT_THAT(company_.Call<v1::GetCycleReportRequest>("zoe", "cycle: '$O/cycles/none'"),
              IsRefused("RESOURCE_NOT_FOUND"));
  Company other;
  EXPECT_THAT(
      Send(other.as("admin"), company_.Parse<v1::GetCycleReportRequest>("cycle: '$O/cycles/now'")),
      IsRefused("WRONG_ORGANIZATION"));
  EXPECT_THAT(Send(other.as("admin"), company_.Parse<v1::GetTeamScorecardRequest>(
                                          "team: '$O/teams/crew' cycle: '$O/cycles/now'")),
              IsRefused("WRONG_ORGANIZATION"));
  auto mixed = company_.Parse<v1::GetTeamScorecardRequest>("team: '$O/teams/crew'");
  mixed.set_cycle(other.Name("cycles/now"));
  EXPECT_FALSE(Send(company_.as("zoe"), mixed).ok());
}

}  // namespace
}  // namespace okr::testing
