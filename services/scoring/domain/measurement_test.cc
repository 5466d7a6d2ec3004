#include "services/scoring/domain/measurement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace okr::scoring {
namespace {

using ::testing::ElementsAre;

absl::Time At(int seconds) { return absl::FromUnixSeconds(seconds); }

Measurement Value(const std::string& name, int effective, int created, double value,
                  const std::string& corrects = "") {
  return {.check_in = name,
          .effective_time = At(effective),
          .create_time = At(created),
          .corrects = corrects,
          .value = value};
}

std::vector<std::string> Names(const std::vector<Measurement>& measurements, int due = 1000) {
  std::vector<std::string> names;
  for (const Measurement& m : CountedMeasurements(measurements, At(due)))
    names.push_back(m.check_in);
  return names;
}

TEST(CountedMeasurements, GoByEffectiveTimeThenByCreateTime) {
  EXPECT_THAT(Names({Value("late", 20, 21, 1), Value("back-dated", 10, 30, 2),
                     Value("same-time-later-said", 20, 22, 3)}),
              ElementsAre("back-dated", "late", "same-time-later-said"));
}

TEST(CountedMeasurements, DoNotDependOnTheOrderOfArrival) {
  std::vector<Measurement> all = {Value("a", 1, 9, 1), Value("b", 2, 8, 2), Value("c", 2, 8, 3),
                                  Value("d", 9, 10, 4, "a"), Value("e", 3, 11, 5, "d")};
  const std::vector<std::string> expected = Names(all);
  const auto by_name = [](const auto& a, const auto& b) { return a.check_in < b.check_in; };
  while (std::next_permutation(all.begin(), all.end(), by_name)) EXPECT_EQ(Names(all), expected);
}

TEST(CountedMeasurements, LeaveOutWhatWasObservedAfterTheDueDate) {
  EXPECT_THAT(Names({Value("in", 99, 200, 1), Value("out", 100, 100, 2)}, 100), ElementsAre("in"));
}

TEST(CountedMeasurements, GiveACorrectionTheTimeOfWhatItCorrects) {
  const auto counted = CountedMeasurements(
      {Value("first", 10, 10, 1), Value("second", 20, 20, 2), Value("fix", 30, 30, 3, "first")},
      At(100));
  ASSERT_EQ(counted.size(), 2u);
  EXPECT_EQ(counted[0].check_in, "fix");
  EXPECT_EQ(counted[0].effective_time, At(10));
  EXPECT_EQ(counted[1].check_in, "second");
}

TEST(CountedMeasurements, KeepOnlyTheLatestOfSeveralCorrections) {
  EXPECT_THAT(Names({Value("first", 10, 10, 1), Value("fix-2", 10, 40, 3, "fix-1"),
                     Value("fix-1", 10, 30, 2, "first"), Value("fix-3", 10, 50, 4, "first")}),
              ElementsAre("fix-3"));
}

TEST(CountedMeasurements, CountACorrectionSaidAfterTheDueDate) {
  EXPECT_THAT(Names({Value("first", 90, 90, 1), Value("fix", 150, 150, 2, "first")}, 100),
              ElementsAre("fix"));
}

TEST(CountedMeasurements, TakeACorrectionOfSomethingUnknownAsItIs) {
  EXPECT_THAT(Names({Value("fix", 10, 10, 1, "gone")}), ElementsAre("fix"));
}

TEST(CountedMeasurements, EndOnARingOfCorrections) {
  EXPECT_LE(Names({Value("a", 1, 1, 1, "b"), Value("b", 2, 2, 2, "a")}).size(), 2u);
}

}  // namespace
}  // namespace okr::scoring
