#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "services/notifications/consumers/company_fixture.h"

namespace okr::notifications {
namespace {

using okr::testing::HasCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr auto kOnTrack = okr::scoring::v1::STATUS_ON_TRACK;
constexpr auto kAtRisk = okr::scoring::v1::STATUS_AT_RISK;
constexpr auto kOffTrack = okr::scoring::v1::STATUS_OFF_TRACK;
constexpr auto kUnmeasured = okr::scoring::v1::STATUS_UNMEASURED;
constexpr auto kDone = okr::scoring::v1::STATUS_DONE;

const KeyResultName& Hire() {
  static const auto& name = *new KeyResultName(KeyResultOf("grow", "hire"));
  return name;
}
const KeyResultName& Win() {
  static const auto& name = *new KeyResultName(KeyResultOf("grow", "win"));
  return name;
}
const KeyResultName& Read() {
  static const auto& name = *new KeyResultName(KeyResultOf("learn", "read"));
  return name;
}

// A new objective of cem that serves `parent`.
Objective Helping(absl::string_view id, std::variant<ObjectiveName, KeyResultName> parent) {
  return {.name = ObjectiveOf(id),
          .title = "Help",
          .owner = Owner(PersonOf("cem")),
          .cycle = Q4(),
          .alignments = {{.parent = std::move(parent)}},
          .state = ObjectiveState::kActive};
}

using News = CompanyFixture;

TEST_F(News, OfADueCheckInTheOwnerIsTold) {
  CheckIns({DueEvent("CheckInDue", Hire())});
  const auto inbox = InboxOf("ann");
  ASSERT_EQ(inbox.size(), 1u);
  EXPECT_EQ(inbox[0].kind(), v1::NOTIFICATION_KIND_CHECK_IN_DUE);
  EXPECT_EQ(inbox[0].title(), "Check-in due: \"Hire 6\"");
  EXPECT_EQ(inbox[0].body(),
            "The check-in of this key result of the objective \"Grow\" was due by the end of "
            "Friday 6 November 2026. It becomes stale unless one comes by Monday 9 November 2026.");
  EXPECT_EQ(inbox[0].subject(), Hire().ToString());
  EXPECT_EQ(inbox[0].actor(), "");
  EXPECT_EQ(inbox[0].event_time().seconds(), 1'799'999'000);
  EXPECT_FALSE(inbox[0].has_read_time());
  EXPECT_THAT(Titles("bob"), IsEmpty());
}

TEST_F(News, OfAnOverdueCheckInTheLeadsOfTheOwningTeamAreTold) {
  CheckIns({DueEvent("CheckInOverdue", Win())});
  EXPECT_THAT(Titles("bob"), ElementsAre("Check-in overdue: \"Win 3\""));
  EXPECT_THAT(Titles("cem"), IsEmpty());
  EXPECT_THAT(Titles("ann"), IsEmpty());
}

TEST_F(News, NobodyWhoIsDeactivatedIsTold) {
  CheckIns({DueEvent("CheckInDue", Win())});
  EXPECT_THAT(Titles("eve"), IsEmpty());
}

TEST_F(News, OfABlockerOwnersAndThoseAskedForHelpAreTold) {
  CheckIns({BlockedEvent(Hire(), "cem", {PersonOf("bob").ToString(), ""})});
  EXPECT_THAT(Titles("bob"), ElementsAre("Your help is asked for: \"Hire 6\""));
  const auto inbox = InboxOf("ann");
  ASSERT_EQ(inbox.size(), 1u);
  EXPECT_EQ(inbox[0].title(), "Blocked: \"Hire 6\"");
  EXPECT_EQ(inbox[0].body(),
            "A check-in names 2 blockers in the way of this key result of the objective \"Grow\".");
  EXPECT_EQ(inbox[0].actor(), PersonOf("cem").ToString());
  EXPECT_EQ(inbox[0].subject(), Hire().ToString() + "/checkIns/c1");
}

TEST_F(News, OfABlockerTheLeadsOfATeamAskedForHelpAreTold) {
  CheckIns({BlockedEvent(Hire(), "ann", {Sales().ToString()})});
  EXPECT_THAT(Titles("bob"), ElementsAre("Your team's help is asked for: \"Hire 6\""));
  EXPECT_THAT(Titles("cem"), IsEmpty());
}

TEST_F(News, OfTheirOwnBlockerNobodyIsTold) {
  CheckIns({BlockedEvent(Hire(), "ann", {""})});
  EXPECT_THAT(Titles("ann"), IsEmpty());
}

TEST_F(News, OfACheckInWithoutBlockerNobodyIsTold) {
  CheckIns({BlockedEvent(Hire(), "cem", {})});
  EXPECT_THAT(Titles("ann"), IsEmpty());
}

TEST_F(News, OfAWorseStatusTheOwnerIsTold) {
  Scoring({StatusEvent(Hire(), kOnTrack, kAtRisk)});
  const auto inbox = InboxOf("ann");
  ASSERT_EQ(inbox.size(), 1u);
  EXPECT_EQ(inbox[0].kind(), v1::NOTIFICATION_KIND_STATUS_CHANGED);
  EXPECT_EQ(inbox[0].title(), "\"Hire 6\" is at risk");
}

TEST_F(News, OfAnObjectivesStatusItsOwnerIsTold) {
  Scoring({StatusEvent(Sell().name, kAtRisk, kDone)});
  EXPECT_THAT(Titles("bob"), ElementsAre("\"Sell\" is done"));
}

TEST_F(News, OfAStatusThatTheOwnCheckInChangedNobodyIsTold) {
  Scoring({StatusEvent(Hire(), kOnTrack, kAtRisk, PersonOf("ann").ToString())});
  EXPECT_THAT(Titles("ann"), IsEmpty());
}

TEST_F(News, OfTheFirstCheckInThatIsOnTrackNobodyIsTold) {
  Scoring({StatusEvent(Hire(), kUnmeasured, kOnTrack)});
  EXPECT_THAT(Titles("ann"), IsEmpty());
}

TEST_F(News, NoTextHoldsAScore) {
  Scoring({StatusEvent(Hire(), kOnTrack, kAtRisk), StatusEvent(Grow().name, kOnTrack, kAtRisk)});
  for (const auto& notification : InboxOf("ann")) {
    EXPECT_THAT(notification.title() + notification.body(),
                ::testing::Not(::testing::HasSubstr("0.1")));
  }
}

TEST_F(News, OfAnAlignedObjectiveTheOwnerOfTheParentIsTold) {
  Objective help = Helping("help", Grow().name);
  help.alignments.clear();
  Goals({Of(help, "ObjectiveCreated")});
  EXPECT_THAT(Titles("ann"), IsEmpty());
  help = Helping("help", Grow().name);
  Goals({Of(help, "ObjectiveAligned", Grow().name.ToString(), PersonOf("cem").ToString())});
  const auto inbox = InboxOf("ann");
  ASSERT_EQ(inbox.size(), 1u);
  EXPECT_EQ(inbox[0].kind(), v1::NOTIFICATION_KIND_OBJECTIVE_ALIGNED);
  EXPECT_EQ(inbox[0].title(), "\"Help\" is aligned to \"Grow\"");
  EXPECT_EQ(inbox[0].subject(), help.name.ToString());
}

TEST_F(News, OfAnObjectiveThatIsBornAlignedTheOwnerOfTheParentIsTold) {
  Goals({Of(Helping("help", Sell().name), "ObjectiveCreated")});
  EXPECT_THAT(Titles("bob"), ElementsAre("\"Help\" is aligned to \"Sell\""));
}

TEST_F(News, OfAnAlignmentToAKeyResultItsOwnerAndTheObjectivesAreTold) {
  Goals({Of(Helping("help", Win()), "ObjectiveCreated")});
  EXPECT_THAT(Titles("bob"), ElementsAre("\"Help\" is aligned to \"Win 3\""));
  EXPECT_THAT(Titles("ann"), ElementsAre("\"Help\" is aligned to \"Win 3\""));
}

TEST_F(News, OfAnAlignmentThatOnlyChangesItsWeightNobodyIsTold) {
  Objective help = Helping("help", Grow().name);
  Goals({Of(help, "ObjectiveCreated")});
  help.alignments[0].weight = 2;
  Goals({Of(help, "ObjectiveAligned", Grow().name.ToString())});
  EXPECT_EQ(Titles("ann").size(), 1u);
}

TEST_F(News, OfAnAlignmentThatWasMadeAgainTheOwnerIsToldAgain) {
  Objective help = Helping("help", Grow().name);
  Goals({Of(help, "ObjectiveCreated"), Of(help, "ObjectiveUnaligned", Grow().name.ToString()),
         Of(help, "ObjectiveAligned", Grow().name.ToString())});
  EXPECT_EQ(Titles("ann").size(), 2u);
}

TEST_F(News, OfAPrivateObjectiveThatIsAlignedOnlyThoseWhoMaySeeItAreTold) {
  Objective help = Helping("help", Grow().name);
  help.visibility = Visibility::kPrivate;
  Goals({Of(help, "ObjectiveCreated")});
  EXPECT_THAT(Titles("ann"), IsEmpty());
}

TEST_F(News, OfGradingEachOwnerOfKeyResultsIsToldOnce) {
  Goals({Of(Cycle{.name = Q4(), .display_name = "2026 Q4", .state = CycleState::kGrading},
            "CycleGradingOpened")});
  EXPECT_THAT(Titles("ann"), ElementsAre("Grading of \"2026 Q4\" is open"));
  EXPECT_THAT(Titles("bob"), ElementsAre("Grading of \"2026 Q4\" is open"));
  EXPECT_THAT(Titles("cem"), IsEmpty());
  EXPECT_EQ(InboxOf("ann")[0].body(),
            "You own 2 key results in this cycle. Until it is closed you can give them another "
            "grade than the computed one.");
}

TEST_F(News, OfAPrivateObjectiveOnlyThoseWhoMaySeeItAreTold) {
  CheckIns({BlockedEvent(Read(), "ann", {PersonOf("bob").ToString(), PersonOf("cem").ToString()})});
  EXPECT_THAT(Titles("bob"), ElementsAre("Your help is asked for: \"Read\""));
  EXPECT_THAT(Titles("cem"), IsEmpty());
}

TEST_F(News, OfWhatWasRetiredNobodyIsTold) {
  Objective grow = Grow();
  grow.state = ObjectiveState::kRetired;
  Goals({Of(grow, "ObjectiveRetired")});
  CheckIns({DueEvent("CheckInDue", Hire())});
  EXPECT_THAT(Titles("ann"), IsEmpty());
}

TEST_F(News, WhatWasToldIsNotToldAgainWhenEventsComeAgain) {
  Goals({Of(Helping("help", Grow().name), "ObjectiveCreated")});
  CheckIns({DueEvent("CheckInDue", Hire()), BlockedEvent(Win(), "cem", {Sales().ToString()})});
  Scoring({StatusEvent(Hire(), kOnTrack, kOffTrack)});
  const auto ann = Titles("ann");
  const auto log = Log();
  for (const char* source : {"goals", "checkins", "scoring"}) Replay(source);
  EXPECT_EQ(Titles("ann"), ann);
  EXPECT_EQ(Titles("bob").size(), 1u);
  EXPECT_EQ(Log(), log);
}

TEST_F(News, AnEventMayComeBeforeWhatItSpeaksOf) {
  const KeyResultName name = KeyResultOf("new", "first");
  not_arrived_yet_ = {Of(Helping("new", Sell().name), "ObjectiveCreated"),
                      Of(KeyResult{.name = name, .title = "First", .cycle = Q4()})};
  CheckIns({DueEvent("CheckInDue", name)});
  EXPECT_EQ(catch_ups_, 1);
  EXPECT_THAT(Titles("cem"), ElementsAre("Check-in due: \"First\""));
}

TEST_F(News, AnEventMayComeBeforeSomebodyIsKnownToHaveLeft) {
  Person bob = PersonNamed("bob");
  bob.state = PersonState::kDeactivated;
  not_arrived_yet_ = {Of(bob)};
  CheckIns({BlockedEvent(Hire(), "cem", {PersonOf("bob").ToString()})});
  EXPECT_THAT(Titles("bob"), IsEmpty());
  EXPECT_THAT(Titles("ann"), ElementsAre("Blocked: \"Hire 6\""));
}

TEST_F(News, AnEventMayComeBeforeTheObjectiveIsKnownToBePrivate) {
  Objective sell = Sell();
  sell.visibility = Visibility::kPrivate;
  sell.owner = Owner(PersonOf("ann"));
  not_arrived_yet_ = {Of(sell)};
  Scoring({StatusEvent(Sell().name, kAtRisk, kDone)});
  EXPECT_THAT(Titles("bob"), IsEmpty());
  EXPECT_THAT(Titles("ann"), ElementsAre("\"Sell\" is done"));
}

TEST_F(News, ABatchThatTellsCatchesUpOnce) {
  CheckIns({DueEvent("CheckInDue", Hire()), DueEvent("CheckInDue", Win())});
  EXPECT_EQ(catch_ups_, 1);
}

TEST_F(News, WhatTellsNobodyNeedsNoCatchingUp) {
  CheckIns({BlockedEvent(Hire(), "cem", {})});
  Scoring({StatusEvent(Hire(), kUnmeasured, kOnTrack)});
  EXPECT_EQ(catch_ups_, 0);
}

TEST_F(News, WhatDoesNotExistIsLeftOutAndTheRestIsTold) {
  CheckIns({DueEvent("CheckInDue", KeyResultOf("never", "was")), DueEvent("CheckInDue", Hire())});
  EXPECT_EQ(outcome_.parked, 0u);
  EXPECT_EQ(Titles("ann").size(), 1u);
}

TEST_F(News, WhileGoalsIsAwayNothingIsSkipped) {
  catch_up_status_ = absl::UnavailableError("goals is away");
  CheckIns({DueEvent("CheckInDue", KeyResultOf("new", "first"))});
  EXPECT_THAT(outcome_.status, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_EQ(outcome_.handled, 0u);
}

TEST_F(News, AnEventThatCannotBeReadIsParkedAlone) {
  Event broken = DueEvent("CheckInDue", Hire());
  broken.mutable_data()->PackFrom(okr::events::v1::PersonEvent());
  CheckIns({DueEvent("CheckInDue", Win()), broken, DueEvent("CheckInDue", Read())});
  EXPECT_EQ(outcome_.parked, 1u);
  EXPECT_EQ(Titles("bob").size(), 1u);
  EXPECT_THAT(Titles("ann"), ElementsAre("Check-in due: \"Read\""));
}

TEST_F(News, WhatIsToldStandsInTheLogForServicesOnly) {
  CheckIns({BlockedEvent(Hire(), "cem", {PersonOf("bob").ToString()})});
  const std::string entry =
      "okr.notifications.v1.NotificationCreated " + PersonOf("cem").ToString() + " true";
  EXPECT_THAT(Log(), ElementsAre(entry, entry));
  EXPECT_THAT(committed_, ElementsAre(2));
}

TEST_F(News, TheLatestComesFirst) {
  CheckIns({DueEvent("CheckInDue", Hire()), DueEvent("CheckInOverdue", Hire())});
  Scoring({StatusEvent(Hire(), kAtRisk, kOnTrack)});
  EXPECT_THAT(Titles("ann"), ElementsAre("\"Hire 6\" is on track", "Check-in overdue: \"Hire 6\"",
                                         "Check-in due: \"Hire 6\""));
}

}  // namespace
}  // namespace okr::notifications
