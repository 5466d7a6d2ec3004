#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/contract/company.h"

namespace okr::contract {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

constexpr char kDates[] =
    " start_date { year: 2030 month: 1 day: 1 } end_date { year: 2030 month: 3 day: 31 } ";

auto Create(Company& company, absl::string_view fields) {
  return company.admin().Call<directory::CreateCycleRequest>(
      absl::StrCat("parent: '$O' cycle_id: 'new' cycle { ", fields, " }"));
}

auto Update(Company& company, absl::string_view fields) {
  return company.admin().Call<directory::UpdateCycleRequest>(
      absl::StrCat("cycle { name: '$O/cycles/now' ", fields, " }"));
}

auto State(Company& company, absl::string_view id) {
  return company.ann()
      .Call<directory::GetCycleRequest>(absl::StrCat("name: '$O/cycles/", id, "'"))
      .value()
      .state();
}

TEST(CreateCycle, MakesADraftWithTheUsualSchedule) {
  Company company;
  ASSERT_OK_AND_ASSIGN(
      const directory::Cycle made,
      Create(company, absl::StrCat("display_name: 'Q1'", kDates, " parent: '$O/cycles/now'")));
  EXPECT_EQ(made.name(), company.name("cycles/new"));
  EXPECT_EQ(made.state(), directory::CYCLE_STATE_DRAFT);
  EXPECT_EQ(made.scoring_policy(), "");
  EXPECT_EQ(made.check_in_schedule().cadence(), directory::CADENCE_WEEKLY);
  EXPECT_EQ(made.check_in_schedule().weekday(), google::type::FRIDAY);
  EXPECT_EQ(made.check_in_schedule().grace().seconds(), 3 * 24 * 3600);
  ASSERT_OK_AND_ASSIGN(const auto read,
                       company.vic().Call<directory::GetCycleRequest>("name: '$O/cycles/new'"));
  EXPECT_EQ(read.DebugString(), made.DebugString());
}

TEST(CreateCycle, RefusesATakenId) {
  Company company;
  company.MakeCycle("new");
  EXPECT_THAT(Create(company, absl::StrCat("display_name: 'Q1'", kDates)),
              IsRefused("RESOURCE_ALREADY_EXISTS"));
}

TEST(CreateCycle, NamesAllWrongFieldsAtOnce) {
  Company company;
  EXPECT_THAT(
      WrongFields(Create(company,
                         "start_date { year: 2030 month: 2 day: 30 } end_date { year: 2030 }"
                         " parent: 'nonsense' check_in_schedule { cadence: 99 weekday: 99"
                         " grace { seconds: -1 } }")),
      ::testing::IsSupersetOf({"cycle.check_in_schedule.cadence", "cycle.check_in_schedule.weekday",
                               "cycle.display_name", "cycle.end_date", "cycle.parent",
                               "cycle.start_date"}));
}

struct WrongCycle {
  const char* fields;
  const char* wrong;
};

class WrongCycles : public ::testing::TestWithParam<WrongCycle> {};

TEST_P(WrongCycles, AreRefused) {
  Company company;
  const std::string before = company.Snapshot();
  EXPECT_THAT(WrongFields(Create(company, GetParam().fields)), ElementsAre(GetParam().wrong));
  EXPECT_EQ(company.Snapshot(), before);
}

INSTANTIATE_TEST_SUITE_P(
    Each, WrongCycles,
    ::testing::Values(
        WrongCycle{"display_name: 'X' start_date { year: 2030 month: 1 day: 2 }"
                   " end_date { year: 2030 month: 1 day: 1 }",
                   "cycle.end_date"},
        WrongCycle{"display_name: 'X' start_date { year: 2030 month: 1 day: 1 }"
                   " end_date { year: 2030 month: 1 day: 1 }",
                   "cycle.end_date"},
        WrongCycle{"display_name: 'X' start_date { year: 2030 month: 1 day: 1 }"
                   " end_date { year: 2033 month: 1 day: 2 }",
                   "cycle.end_date"},
        WrongCycle{"display_name: 'X' start_date { year: -5 month: 1 day: 1 }"
                   " end_date { year: 2030 month: 1 day: 1 }",
                   "cycle.start_date"},
        WrongCycle{"display_name: 'X' start_date { year: 2147483647 month: 1 day: 1 }"
                   " end_date { year: 2030 month: 1 day: 1 }",
                   "cycle.start_date"},
        WrongCycle{"display_name: 'X' start_date { year: 2030 month: 1 day: 1 }"
                   " end_date { year: 2030 month: 2 day: 1 } check_in_schedule { grace {"
                   " seconds: -1 } }",
                   "cycle.check_in_schedule.grace"},
        WrongCycle{"display_name: 'X' start_date { year: 2030 month: 1 day: 1 }"
                   " end_date { year: 2030 month: 2 day: 1 } check_in_schedule { grace {"
                   " seconds: 2592001 } }",
                   "cycle.check_in_schedule.grace"},
        WrongCycle{"display_name: 'X' start_date { year: 2030 month: 1 day: 1 }"
                   " end_date { year: 2030 month: 2 day: 1 } check_in_schedule { grace {"
                   " seconds: 9223372036854775807 } }",
                   "cycle.check_in_schedule.grace"},
        WrongCycle{"display_name: 'X' start_date { year: 2030 month: 1 day: 1 }"
                   " end_date { year: 2030 month: 2 day: 1 } parent: '$O/cycles/none'",
                   "cycle.parent"},
        WrongCycle{"display_name: 'X' start_date { year: 2029 month: 1 day: 1 }"
                   " end_date { year: 2030 month: 2 day: 1 } parent: '$O/cycles/now'",
                   "cycle.parent"}));

TEST(Cycle, GoesThroughItsLife) {
  Company company;
  company.MakeCycle("q");
  EXPECT_EQ(State(company, "q"), directory::CYCLE_STATE_DRAFT);
  ASSERT_OK_AND_ASSIGN(const auto active, company.admin().Call<directory::ActivateCycleRequest>(
                                              "name: '$O/cycles/q'"));
  EXPECT_EQ(active.scoring_policy(), "okr-v1");
  EXPECT_EQ(State(company, "q"), directory::CYCLE_STATE_ACTIVE);
  company.OpenGrading("q");
  EXPECT_EQ(State(company, "q"), directory::CYCLE_STATE_GRADING);
  company.CloseCycle("q");
  EXPECT_EQ(State(company, "q"), directory::CYCLE_STATE_CLOSED);
}

// A cycle `q` in each state, with the moves that it refuses.
TEST(Cycle, RefusesEveryOtherMove) {
  Company company;
  company.MakeCycle("q");
  const auto activate = [&] {
    return company.admin().Call<directory::ActivateCycleRequest>("name: '$O/cycles/q'");
  };
  const auto grade = [&] {
    return company.admin().Call<directory::OpenCycleGradingRequest>("name: '$O/cycles/q'");
  };
  const auto close = [&] {
    return company.admin().Call<directory::CloseCycleRequest>("name: '$O/cycles/q'");
  };
  EXPECT_THAT(grade(), IsRefused("CYCLE_STATE"));
  EXPECT_THAT(close(), IsRefused("CYCLE_STATE"));
  ASSERT_OK(activate());
  EXPECT_THAT(activate(), IsRefused("CYCLE_STATE"));
  const auto refused = close();
  EXPECT_THAT(refused, IsRefused("CYCLE_STATE"));
  EXPECT_EQ(DetailsOf(refused.status()).metadata["cycle"], company.name("cycles/q"));
  EXPECT_EQ(DetailsOf(refused.status()).metadata["state"], "ACTIVE");
  ASSERT_OK(grade());
  EXPECT_THAT(activate(), IsRefused("CYCLE_STATE"));
  EXPECT_THAT(grade(), IsRefused("CYCLE_STATE"));
  ASSERT_OK(close());
  EXPECT_THAT(activate(), IsRefused("CYCLE_STATE"));
  EXPECT_THAT(grade(), IsRefused("CYCLE_STATE"));
  EXPECT_THAT(close(), IsRefused("CYCLE_STATE"));
}

TEST(CloseCycle, ClosesWhatIsBeingWorkedOn) {
  Company company;
  company.MakeObjective("active");
  company.MakeKeyResult("active", "k");
  ASSERT_OK(company.ann().Call<goals::ActivateObjectiveRequest>("name: '$O/objectives/active'"));
  company.MakeObjective("draft");
  company.MakeObjective("retired");
  ASSERT_OK(company.ann().Call<goals::RetireObjectiveRequest>(
      "name: '$O/objectives/retired' reason: 'No'"));
  company.OpenGrading("now");
  company.CloseCycle("now");
  const auto state = [&](const char* id) {
    return company.ann()
        .Call<goals::GetObjectiveRequest>(absl::StrCat("name: '$O/objectives/", id, "'"))
        .value()
        .state();
  };
  EXPECT_EQ(state("active"), goals::OBJECTIVE_STATE_CLOSED);
  EXPECT_EQ(state("draft"), goals::OBJECTIVE_STATE_DRAFT);
  EXPECT_EQ(state("retired"), goals::OBJECTIVE_STATE_RETIRED);
}

TEST(UpdateCycle, MovesDatesWhileNothingIsLeftOut) {
  Company company;
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k", "due_date { year: 2030 month: 6 day: 30 }");
  ASSERT_OK_AND_ASSIGN(const auto changed,
                       Update(company, "end_date { year: 2030 month: 6 day: 30 }"));
  EXPECT_EQ(changed.end_date().month(), 6);
  const std::string before = company.Snapshot();
  EXPECT_THAT(WrongFields(Update(company, "end_date { year: 2030 month: 6 day: 29 }")),
              Contains("cycle.end_date"));
  EXPECT_EQ(company.Snapshot(), before);
}

TEST(UpdateCycle, RefusesToLeaveOutAChild) {
  Company company;
  company.MakeCycle("child", "parent: '$O/cycles/now'");
  EXPECT_THAT(WrongFields(Update(company, "end_date { year: 2030 month: 6 day: 30 }")),
              Contains("cycle.end_date"));
}

TEST(UpdateCycle, NeverLiesInItself) {
  Company company;
  EXPECT_THAT(WrongFields(Update(company, "parent: '$O/cycles/now'")), Contains("cycle.parent"));
  company.MakeCycle("child", "parent: '$O/cycles/now'");
  EXPECT_THAT(WrongFields(Update(company, "parent: '$O/cycles/child'")), Contains("cycle.parent"));
}

TEST(UpdateCycle, KeepsDatesWhileGradedAndEverythingWhenClosed) {
  Company company;
  company.OpenGrading("now");
  EXPECT_THAT(Update(company, "end_date { year: 2030 month: 11 day: 30 }"),
              IsRefused("CYCLE_STATE"));
  EXPECT_OK(Update(company, "display_name: 'Renamed'"));
  company.CloseCycle("now");
  EXPECT_THAT(Update(company, "display_name: 'Again'"), IsRefused("CYCLE_STATE"));
}

TEST(UpdateCycle, RefusesOutputOnlyAndUnknownPaths) {
  Company company;
  for (const char* path :
       {"state", "scoring_policy", "update_time", "nonsense", "check_in_schedule.nonsense"}) {
    EXPECT_THAT(WrongFields(company.admin().Call<directory::UpdateCycleRequest>(absl::StrCat(
                    "cycle { name: '$O/cycles/now' } update_mask { paths: '", path, "' }"))),
                ElementsAre("update_mask"))
        << path;
  }
}

TEST(UpdateCycle, IgnoresOutputOnlyFieldsWithoutAMask) {
  Company company;
  ASSERT_OK_AND_ASSIGN(const auto changed,
                       Update(company, "state: CYCLE_STATE_CLOSED scoring_policy: 'mine'"));
  EXPECT_EQ(changed.state(), directory::CYCLE_STATE_ACTIVE);
  EXPECT_EQ(changed.scoring_policy(), "okr-v1");
}

TEST(UpdateCycle, APathMayLeadIntoTheSchedule) {
  Company company;
  ASSERT_OK_AND_ASSIGN(const auto changed,
                       company.admin().Call<directory::UpdateCycleRequest>(
                           "cycle { name: '$O/cycles/now' check_in_schedule { cadence:"
                           " CADENCE_MONTHLY weekday: MONDAY } }"
                           " update_mask { paths: 'check_in_schedule.cadence' }"));
  EXPECT_EQ(changed.check_in_schedule().cadence(), directory::CADENCE_MONTHLY);
  EXPECT_EQ(changed.check_in_schedule().weekday(), google::type::FRIDAY);
}

TEST(UpdateCycle, OnlyAdministratorsChangeIt) {
  Company company;
  EXPECT_THAT(company.lea().Call<directory::UpdateCycleRequest>(
                  "cycle { name: '$O/cycles/now' display_name: 'Mine' }"),
              IsRefused("PERMISSION_DENIED"));
}

}  // namespace
}  // namespace okr::contract
