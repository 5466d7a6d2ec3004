// One OKR cycle from planning to the report, over the public API of four processes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/company.h"

namespace okr::testing {
namespace {

using ::testing::ElementsAre;

// What a person sees of a check-in that another made.
bool HasKind(const notifications::v1::ListNotificationsResponse& inbox,
             notifications::v1::NotificationKind kind) {
  return std::any_of(inbox.notifications().begin(), inbox.notifications().end(),
                     [kind](const auto& notification) { return notification.kind() == kind; });
}

TEST(Cycle, ACheckInMovesKeyResultObjectiveAndAncestors) {
  Company company(Suite::Shared());
  ASSERT_OK(company.CreateObjective("top", "teams/crew", goals::v1::ROLL_UP_INCLUDE_ALIGNED));
  ASSERT_OK(company.CreateObjective("middle", "teams/crew", goals::v1::ROLL_UP_INCLUDE_ALIGNED));
  ASSERT_OK(company.CreateObjective("leaf", "people/ben"));
  ASSERT_OK(company.Align("middle", "top", 3));
  ASSERT_OK(company.Align("leaf", "middle", 1));
  ASSERT_OK(company.CheckIn("ben", "leaf", 80));
  const auto leaf = company.KeyResultScore("ben", "leaf");
  ASSERT_OK(leaf);
  EXPECT_DOUBLE_EQ(leaf->progress(), 0.8);
  EXPECT_EQ(leaf->state(), scoring::v1::SCORE_STATE_PROVISIONAL);
  // (0 * 1 + 0.8 * 1) / 2, then (0 * 1 + 0.4 * 3) / 4.
  const auto middle = company.ObjectiveScore("ben", "middle");
  ASSERT_OK(middle);
  EXPECT_DOUBLE_EQ(middle->progress(), 0.4);
  const auto top = company.ObjectiveScore("ben", "top");
  ASSERT_OK(top);
  EXPECT_NEAR(top->progress(), 0.3, 1e-12);
}

TEST(Cycle, WhatWasCreatedAMomentAgoCanBeCheckedInAtOnce) {
  Company company(Suite::Shared());
  // Knows no consistency token of what was created.
  Caller ben(company.suite(), company.identity("ben"));
  for (int i = 0; i < 20; ++i) {
    const std::string objective = absl::StrCat("o", i);
    ASSERT_OK(company.CreateObjective(objective, "people/ben"));
    checkins::v1::CreateCheckInRequest request;
    request.set_parent(company.KeyResultOf(objective));
    request.mutable_check_in()->set_value(i);
    EXPECT_OK(Send(ben, request));
  }
}

TEST(Cycle, GoalsShowsWhatScoringSays) {
  Company company(Suite::Shared());
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  ASSERT_OK(company.CheckIn("ben", "o", 50));
  goals::v1::GetKeyResultRequest request;
  request.set_name(company.KeyResultOf("o"));
  Eventually(
      [&] {
        return company.as("zoe").Call(&goals::v1::GoalsService::Stub::GetKeyResult,
                                      company.as("zoe").goals(), request);
      },
      [](const goals::v1::KeyResult& key_result) {
        return key_result.score_summary().progress() == 0.5;
      });
}

TEST(Cycle, BlockersAndStatusReachTheInbox) {
  Company company(Suite::Shared());
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  checkins::v1::CreateCheckInRequest request;
  request.set_parent(company.KeyResultOf("o"));
  request.mutable_check_in()->set_value(1);
  checkins::v1::Blocker& blocker = *request.mutable_check_in()->add_blockers();
  blocker.set_text("The supplier is late");
  blocker.set_help_from(company.Name("people/zoe"));
  ASSERT_OK(company.as("ben").Call(&checkins::v1::CheckinsService::Stub::CreateCheckIn,
                                   company.as("ben").checkins(), request));
  for (const char* person : {"ann", "zoe"}) {
    Eventually([&] { return company.Inbox(person); },
               [](const auto& inbox) {
                 return HasKind(inbox, notifications::v1::NOTIFICATION_KIND_BLOCKER_RAISED);
               });
  }
  const auto own = company.Inbox("ben");
  ASSERT_OK(own);
  EXPECT_FALSE(HasKind(*own, notifications::v1::NOTIFICATION_KIND_BLOCKER_RAISED));
}

TEST(Cycle, RunsFromPlanningToTheReport) {
  Company company(Suite::Shared());
  ASSERT_OK(company.CreateObjective("good", "teams/crew"));
  ASSERT_OK(company.CreateObjective("poor", "teams/crew"));
  ASSERT_OK(company.CheckIn("ben", "good", 90));
  ASSERT_OK(company.CheckIn("ben", "poor", 30));
  ASSERT_OK(company.OpenCycleGrading("now"));

  // The seal: from some moment on every check-in is refused.
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  absl::Status late = absl::OkStatus();
  while (late.ok() && absl::Now() < deadline) late = company.CheckIn("ben", "good", 91).status();
  EXPECT_THAT(late, HasReason("CYCLE_STATE"));

  scoring::v1::GradeKeyResultRequest grade;
  grade.set_name(company.KeyResultOf("poor"));
  grade.mutable_grade()->set_score(0.5);
  grade.mutable_grade()->set_reason("The market closed in the second month");
  Caller& ann = company.as("ann");
  const auto graded = Eventually(
      [&] {
        return ann.Call(&scoring::v1::ScoringService::Stub::GradeKeyResult, ann.scoring(), grade);
      },
      [](const scoring::v1::KeyResultScore& score) { return score.score() == 0.5; });
  EXPECT_DOUBLE_EQ(graded.computed_score(), 0.3);

  ASSERT_OK(company.CloseCycle("now"));
  scoring::v1::GetCycleReportRequest request;
  request.set_cycle(company.Name("cycles/now"));
  request.set_require_final(true);
  const auto report = Eventually(
      [&] {
        return ann.Call(&scoring::v1::ScoringService::Stub::GetCycleReport, ann.scoring(), request);
      },
      [](const scoring::v1::CycleReport& answer) { return answer.final(); });
  EXPECT_EQ(report.organization().objective_count(), 2);

  scoring::v1::GetTeamScorecardRequest scorecard;
  scorecard.set_team(company.Name("teams/crew"));
  scorecard.set_cycle(company.Name("cycles/now"));
  const auto card =
      ann.Call(&scoring::v1::ScoringService::Stub::GetTeamScorecard, ann.scoring(), scorecard);
  ASSERT_OK(card);
  EXPECT_FALSE(card->own().withheld());
  EXPECT_EQ(card->own().state(), scoring::v1::SCORE_STATE_FINAL);
  EXPECT_EQ(card->own().scored_count(), 2);
  const auto final_score = company.KeyResultScore("ann", "poor");
  ASSERT_OK(final_score);
  EXPECT_EQ(final_score->state(), scoring::v1::SCORE_STATE_FINAL);
}

TEST(Cycle, ASubscriberSeesHistoryAndThenWhatHappens) {
  Company company(Suite::Shared());
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  grpc::ClientContext context;
  company.as("ann").Prepare(context);
  events::v1::SubscribeRequest request;
  request.mutable_filter()->set_organization(company.name());
  request.mutable_filter()->add_types("okr.goals.v1.KeyResultCreated");
  request.set_from_beginning(true);
  const auto stub = company.as("ann").events("goals");
  const auto stream = stub->Subscribe(&context, request);
  const auto next = [&] {
    events::v1::SubscribeResponse response;
    while (stream->Read(&response)) {
      if (response.has_event()) return response.event().subject();
    }
    return std::string("the stream ended");
  };
  EXPECT_EQ(next(), company.KeyResultOf("o"));
  ASSERT_OK(company.CreateKeyResult("o", "second"));
  EXPECT_EQ(next(), company.KeyResultOf("o", "second"));
  context.TryCancel();
}

}  // namespace
}  // namespace okr::testing
