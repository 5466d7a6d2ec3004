#include "services/checkins/domain/check_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace okr::checkins {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const absl::TimeZone& Zone() {
  static const absl::TimeZone& zone = *[] {
    auto* loaded = new absl::TimeZone;
    EXPECT_TRUE(absl::LoadTimeZone("America/New_York", loaded));
    return loaded;
  }();
  return zone;
}

// Of June 2026, in New York.
absl::Time At(int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(2026, 6, day, hour, minute), Zone());
}

class CheckInTest : public ::testing::Test {
 protected:
  CheckInTest() {
    cycle_.name = CycleName::Parse("organizations/acme/cycles/june").value();
    cycle_.start_date = absl::CivilDay(2026, 6, 1);
    cycle_.end_date = absl::CivilDay(2026, 6, 30);
    cycle_.state = CycleState::kActive;
    objective_.name = ObjectiveName::Parse("organizations/acme/objectives/o").value();
    objective_.owner = Owner::Parse("organizations/acme/people/ann").value();
    objective_.state = ObjectiveState::kActive;
    key_result_.name = KeyResultName(objective_.name, "k");
    key_result_.kind = Metric{};
  }

  Subject subject() const { return {cycle_, objective_, key_result_, Zone()}; }
  absl::StatusOr<CheckIn> Make(const Draft& draft, const Corrected& corrected = {},
                               Violations violations = {}) const {
    return MakeCheckIn(subject(), CheckInName(key_result_.name, "new"),
                       PersonName::Parse("organizations/acme/people/ann").value(), draft, corrected,
                       std::move(violations), now_);
  }
  std::vector<std::string> WrongFields(const Draft& draft, const Corrected& corrected = {},
                                       Violations found = {}) const {
    std::vector<std::string> fields;
    const auto made = Make(draft, corrected, std::move(found));
    for (const auto& violation : DetailsOf(made.status()).violations) {
      fields.push_back(violation.field);
    }
    return fields;
  }
  CheckIn Earlier() const {
    CheckIn check_in;
    check_in.name = CheckInName(key_result_.name, "old");
    check_in.effective_time = At(10, 12);
    return check_in;
  }
  Draft CorrectionOf(const CheckIn& check_in) const {
    return {.measurement = 5.0, .corrects = check_in.name, .correction_reason = "typo"};
  }

  absl::Time now_ = At(15, 9);
  Cycle cycle_;
  Objective objective_;
  KeyResult key_result_;
};

TEST_F(CheckInTest, IsEffectiveNowUnlessItSaysOtherwise) {
  const auto made = Make({.measurement = 5.0});
  ASSERT_OK(made);
  EXPECT_EQ(made->effective_time, now_);
  EXPECT_EQ(made->create_time, now_);
  EXPECT_EQ(made->cycle, cycle_.name);
  EXPECT_EQ(Make({.measurement = 5.0, .effective_time = At(3, 4)})->effective_time, At(3, 4));
}

TEST_F(CheckInTest, MeasuresAsTheKeyResultDoes) {
  EXPECT_THAT(WrongFields({.measurement = MilestonesDone{{"a"}}}),
              ElementsAre("check_in.milestones_done"));
  key_result_.kind = Maintain{};
  EXPECT_OK(Make({.measurement = 5.0}));
  key_result_.kind = Milestones{{{.id = "a"}, {.id = "b"}}};
  EXPECT_THAT(WrongFields({.measurement = 5.0}), ElementsAre("check_in.value"));
  EXPECT_OK(Make({.measurement = MilestonesDone{{"b"}}}));
  EXPECT_OK(Make({.note = "nothing new"}));
}

TEST_F(CheckInTest, NamesEachUnknownMilestone) {
  key_result_.kind = Milestones{{{.id = "a"}, {.id = "b"}}};
  EXPECT_THAT(WrongFields({.measurement = MilestonesDone{{"x", "a", "y"}}}),
              ElementsAre("check_in.milestones_done.ids[0]", "check_in.milestones_done.ids[2]"));
}

TEST_F(CheckInTest, LiesInsideTheCycleInTheOrganizationsZone) {
  now_ = At(30, 23, 59) + absl::Hours(48);
  EXPECT_OK(Make({.measurement = 1.0, .effective_time = At(1, 0)}));
  EXPECT_OK(Make({.measurement = 1.0, .effective_time = At(30, 23, 59)}));
  const std::vector<std::string> wrong = {"check_in.effective_time"};
  EXPECT_EQ(WrongFields({.measurement = 1.0, .effective_time = At(1, 0) - absl::Seconds(1)}),
            wrong);
  EXPECT_EQ(WrongFields({.measurement = 1.0, .effective_time = At(30, 24)}), wrong);
  EXPECT_EQ(WrongFields({.measurement = 1.0}), wrong);
}

TEST_F(CheckInTest, MayBeAMinuteAheadOfTheClock) {
  EXPECT_OK(Make({.measurement = 1.0, .effective_time = now_ + absl::Seconds(60)}));
  EXPECT_THAT(WrongFields({.measurement = 1.0, .effective_time = now_ + absl::Seconds(61)}),
              ElementsAre("check_in.effective_time"));
}

TEST_F(CheckInTest, ACorrectionKeepsTheEffectiveTime) {
  const CheckIn earlier = Earlier();
  const auto made = Make(CorrectionOf(earlier), {.check_in = &earlier});
  ASSERT_OK(made);
  EXPECT_EQ(made->effective_time, earlier.effective_time);
  EXPECT_EQ(made->create_time, now_);
  Draft moved = CorrectionOf(earlier);
  moved.effective_time = At(11, 12);
  EXPECT_THAT(WrongFields(moved, {.check_in = &earlier}), ElementsAre("check_in.effective_time"));
}

TEST_F(CheckInTest, WhatIsCorrectedMustExistBeOfTheKeyResultAndBeTheLatest) {
  const CheckIn earlier = Earlier();
  EXPECT_THAT(WrongFields(CorrectionOf(earlier)), ElementsAre("check_in.corrects"));

  const CheckInName latest(key_result_.name, "later");
  const auto again = Make(CorrectionOf(earlier), {.check_in = &earlier, .replaced_by = latest});
  EXPECT_THAT(DetailsOf(again.status()).violations.at(0).description, HasSubstr(latest.ToString()));

  CheckIn other = earlier;
  other.name = CheckInName(KeyResultName(objective_.name, "other"), "old");
  EXPECT_THAT(WrongFields(CorrectionOf(other), {.check_in = &other}),
              ElementsAre("check_in.corrects"));
}

TEST_F(CheckInTest, AllThatIsWrongIsNamedAtOnce) {
  Violations found;
  found.Add("check_in.confidence", "is 7");
  EXPECT_THAT(
      WrongFields({.measurement = MilestonesDone{}, .effective_time = At(31, 0)}, {}, found),
      ElementsAre("check_in.confidence", "check_in.milestones_done", "check_in.effective_time"));
}

TEST_F(CheckInTest, TakesCheckInsOnlyWhileEverythingIsActive) {
  EXPECT_OK(TakesCheckIns(subject()));
  key_result_.state = KeyResultState::kRetired;
  EXPECT_EQ(ReasonOf(TakesCheckIns(subject())), "KEY_RESULT_STATE");
  objective_.state = ObjectiveState::kDraft;
  EXPECT_EQ(ReasonOf(TakesCheckIns(subject())), "OBJECTIVE_STATE");
  EXPECT_THAT(std::string(TakesCheckIns(subject()).message()), HasSubstr("activate it first"));
  cycle_.state = CycleState::kGrading;
  EXPECT_EQ(ReasonOf(TakesCheckIns(subject())), "CYCLE_STATE");
  EXPECT_EQ(DetailsOf(TakesCheckIns(subject())).metadata.at("state"), "GRADING");
}

}  // namespace
}  // namespace okr::checkins
