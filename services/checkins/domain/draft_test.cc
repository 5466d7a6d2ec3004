#include "services/checkins/domain/draft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace okr::checkins {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> WrongFields(const Draft& draft) {
  Violations violations;
  CheckDraft(draft, violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(violations.ToStatus()).violations) {
    fields.push_back(violation.field);
  }
  return fields;
}

Draft Value(double value) { return {.measurement = value}; }
Draft Confidence(double confidence) { return {.confidence = confidence}; }
CheckInName Name() {
  return CheckInName::Parse("organizations/acme/objectives/o/keyResults/k/checkIns/c").value();
}

struct Case {
  std::string name;
  Draft draft;
  std::vector<std::string> wrong;
};

class DraftTest : public ::testing::TestWithParam<Case> {};

TEST_P(DraftTest, NamesTheWrongFields) {
  EXPECT_EQ(WrongFields(GetParam().draft), GetParam().wrong);
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

INSTANTIATE_TEST_SUITE_P(
    Drafts, DraftTest,
    ::testing::Values(
        Case{"Value", Value(3), {}}, Case{"LargestValue", Value(-1e15), {}},
        Case{"TooLargeValue", Value(1.1e15), {"check_in.value"}},
        Case{"NotANumber", Value(std::nan("")), {"check_in.value"}},
        Case{"Infinity", Value(-kInfinity), {"check_in.value"}},
        Case{"NoConfidence", Confidence(0), {}}, Case{"FullConfidence", Confidence(1), {}},
        Case{"TooMuchConfidence", Confidence(1.01), {"check_in.confidence"}},
        Case{"ConfidenceIsNotANumber", Confidence(std::nan("")), {"check_in.confidence"}},
        Case{"Milestones", {.measurement = MilestonesDone{{"a", "b"}}}, {}},
        Case{"NoMilestones", {.measurement = MilestonesDone{}}, {}},
        Case{"RepeatedMilestone",
             {.measurement = MilestonesDone{{"a", "b", "a"}}},
             {"check_in.milestones_done.ids[2]"}},
        Case{"Nothing", {}, {"check_in"}}, Case{"LongNote", {.note = std::string(10'000, 'x')}, {}},
        Case{"TooLongNote", {.note = std::string(10'001, 'x')}, {"check_in.note"}},
        Case{"ControlCharacter", {.note = std::string("a\0b", 3)}, {"check_in.note"}},
        Case{"Lines", {.note = "one\r\n\ttwo"}, {}},
        Case{"BlankBlocker", {.blockers = {{.text = " \n"}}}, {"check_in.blockers[0].text"}},
        Case{"TooManyBlockers",
             {.blockers = std::vector<Blocker>(21, Blocker{.text = "x"})},
             {"check_in.blockers"}},
        Case{"StatedStatus", {.stated_status = StatedStatus{Status::kAtRisk, "because"}}, {}},
        Case{"StatedDone",
             {.stated_status = StatedStatus{Status::kDone, "because"}},
             {"check_in.stated_status.status"}},
        Case{"StatedWithoutReason",
             {.stated_status = StatedStatus{Status::kOnTrack, ""}},
             {"check_in.stated_status.reason"}},
        Case{"CorrectionThatTakesAllBack",
             {.corrects = Name(), .correction_reason = "wrong week"},
             {}},
        Case{"CorrectionWithoutReason",
             {.measurement = 1.0, .corrects = Name()},
             {"check_in.correction_reason"}},
        Case{"ReasonWithoutCorrection",
             {.measurement = 1.0, .correction_reason = "x"},
             {"check_in.correction_reason"}},
        Case{"AllAtOnce",
             {.measurement = kInfinity,
              .confidence = -1,
              .stated_status = StatedStatus{},
              .note = std::string(10'001, 'x'),
              .blockers = {{.text = ""}},
              .correction_reason = "x"},
             {"check_in.value", "check_in.confidence", "check_in.stated_status.status",
              "check_in.stated_status.reason", "check_in.note", "check_in.blockers[0].text",
              "check_in.correction_reason"}}),
    [](const auto& info) { return info.param.name; });

TEST(Draft, CountsCharactersNotBytes) {
  std::string note;
  for (int i = 0; i < 10'000; ++i) note += "ü";
  EXPECT_THAT(WrongFields({.note = note}), IsEmpty());
  EXPECT_THAT(WrongFields({.note = note + "ü"}), ElementsAre("check_in.note"));
}

TEST(Draft, NormalizedHasNoMinusZeroAndWholeMicroseconds) {
  const Draft draft = Normalized(
      {.measurement = -0.0, .confidence = -0.0, .effective_time = absl::FromUnixNanos(1'234'567)});
  EXPECT_FALSE(std::signbit(std::get<double>(draft.measurement)));
  EXPECT_FALSE(std::signbit(*draft.confidence));
  EXPECT_EQ(draft.effective_time, absl::FromUnixMicros(1'234));
}

}  // namespace
}  // namespace okr::checkins
