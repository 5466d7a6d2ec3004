#include "cli/plan/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "cli/resources/message_reader.h"

namespace okr::cli {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  Plan plan;
  SourceErrors errors;
};

Outcome Read(const std::string& yaml) {
  Outcome outcome;
  const YAML::Node root = ParseYaml(yaml, &outcome.errors);
  const Moment moment{.now = absl::FromCivil(absl::CivilHour(2026, 5, 10, 12), absl::UTCTimeZone()),
                      .today = absl::CivilDay(2026, 5, 10),
                      .zone = absl::UTCTimeZone()};
  if (outcome.errors.empty()) outcome.plan = ReadPlan(root, "", moment, &outcome.errors);
  return outcome;
}

constexpr char kSmall[] = R"(
organization: {id: acme, display_name: Acme, administrator: ada}
people:
  - {id: ada, display_name: Ada}
teams:
  - {id: web, display_name: Web, parent: all, members: [{person: ada, role: lead}]}
  - {id: all, display_name: Everybody}
cycles:
  - {id: q1, display_name: Q1, start_date: -100d, end_date: -10d, state: CLOSED}
objectives:
  - id: grow
    title: Grow
    owner: teams/web
    cycle: q1
    alignments: [{parent: top, weight: 2}]
    key_results:
      - id: nps
        title: They like us
        metric: {baseline: 10, target: 40}
        grade: {score: 0.5, reason: Half, by: ada}
        check_ins:
          - {on: -50d, by: ada, value: 20, confidence: 0.5}
          - {id: slip, on: -40d, value: 99}
          - {corrects: slip, value: 29, correction_reason: A slip of the pen}
)";

TEST(ReadPlan, ReadsAWholeOrganization) {
  const Outcome outcome = Read(kSmall);
  ASSERT_TRUE(outcome.errors.empty()) << outcome.errors.ToText("plan");
  const Plan& plan = outcome.plan;
  EXPECT_EQ(plan.organization.name, "organizations/acme");
  EXPECT_EQ(plan.administrator, "organizations/acme/people/ada");
  EXPECT_EQ(plan.people[0].message.subject(), "ada");
  EXPECT_EQ(plan.cycles[0].state, directory::v1::CYCLE_STATE_CLOSED);
  EXPECT_TRUE(plan.cycles[0].moves_with_today);
  EXPECT_EQ(plan.objectives[0].alignments[0].weight(), 2);
  EXPECT_EQ(CountKeyResults(plan), 1);
  EXPECT_EQ(CountCheckIns(plan), 3);
}

TEST(ReadPlan, PutsParentTeamsFirst) {
  const Outcome outcome = Read(kSmall);
  EXPECT_EQ(outcome.plan.teams[0].name, "organizations/acme/teams/all");
}

TEST(ReadPlan, NamesCheckInsByTheirDay) {
  const PlannedKeyResult key_result = Read(kSmall).plan.objectives[0].key_results[0];
  EXPECT_EQ(key_result.check_ins[0].name, key_result.name + "/checkIns/day-2026-03-21");
  EXPECT_EQ(key_result.check_ins[1].name, key_result.name + "/checkIns/slip");
  EXPECT_EQ(key_result.check_ins[2].name, key_result.name + "/checkIns/slip-corrected");
  EXPECT_EQ(key_result.check_ins[2].message.corrects(), key_result.name + "/checkIns/slip");
}

TEST(ReadPlan, NamesAllErrorsOfAFileAtOnce) {
  const Outcome outcome = Read(
      "organization: {id: acme}\n"
      "peple: []\n"
      "people:\n"
      "  - {display_name: Ada}\n"
      "  - {id: bo, display_nam: Bo}\n"
      "  - {id: bo, display_name: Bo}\n"
      "cycles:\n"
      "  - {id: q1, start_date: soon}\n"
      "objectives:\n"
      "  - id: o\n"
      "    state: CLOSED\n"
      "    key_results:\n"
      "      - {id: k, check_ins: [{value: 1}]}\n");
  const std::string text = outcome.errors.ToText("plan.yaml");
  EXPECT_THAT(text,
              HasSubstr("plan.yaml:2:1: \"peple\" is unknown here; did you mean \"people\"?"));
  EXPECT_THAT(text, HasSubstr("plan.yaml:4:5: this person needs an \"id\""));
  EXPECT_THAT(text, HasSubstr("plan.yaml:5:14: \"display_nam\" is unknown here; did you mean"));
  EXPECT_THAT(text, HasSubstr("plan.yaml:6:10: there are two of the person \"bo\""));
  EXPECT_THAT(text, HasSubstr("plan.yaml:8:26: \"soon\" is no day"));
  EXPECT_THAT(text, HasSubstr("plan.yaml:11:12: \"state\" of an objective is DRAFT or ACTIVE"));
  EXPECT_THAT(text, HasSubstr("plan.yaml:13:29: this check-in needs its day"));
  EXPECT_EQ(outcome.errors.all().size(), 7);
}

TEST(ReadPlan, TheSampleCompanyIsWhole) {
  std::ifstream in("deploy/local/sample.yaml");
  const Outcome outcome = Read(std::string(std::istreambuf_iterator<char>(in), {}));
  ASSERT_TRUE(outcome.errors.empty()) << outcome.errors.ToText("sample.yaml");
  EXPECT_EQ(outcome.plan.people.size(), 25);
  EXPECT_EQ(outcome.plan.teams.size(), 8);
  EXPECT_EQ(outcome.plan.cycles.size(), 2);
  EXPECT_EQ(outcome.plan.objectives.size(), 30);
  EXPECT_EQ(CountKeyResults(outcome.plan), 90);
  EXPECT_EQ(CountCheckIns(outcome.plan), 600);
}

TEST(ReadPlan, NeedsAnOrganization) {
  EXPECT_THAT(Read("people: []").errors.ToText("plan"), HasSubstr("names no organization"));
}

}  // namespace
}  // namespace okr::cli
