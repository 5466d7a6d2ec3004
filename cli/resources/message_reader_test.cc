#include "cli/resources/message_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "okr/checkins/v1/resources.pb.h"
#include "okr/directory/v1/resources.pb.h"
#include "okr/goals/v1/resources.pb.h"

namespace okr::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Outcome {
  std::vector<std::string> fields;
  SourceErrors errors;
};

Outcome Read(const std::string& yaml, google::protobuf::Message* message,
             const std::set<std::string>& others = {}) {
  Outcome outcome;
  const YAML::Node node = ParseYaml(yaml, &outcome.errors);
  if (!outcome.errors.empty()) return outcome;
  MessageReader reader({.organization = "organizations/acme",
                        .moment = {.now = absl::FromUnixSeconds(1'700'000'000),
                                   .today = absl::CivilDay(2023, 11, 14),
                                   .zone = absl::UTCTimeZone()}},
                       &outcome.errors);
  outcome.fields = reader.Read(node, others, message);
  return outcome;
}

TEST(MessageReader, ReadsShortForms) {
  goals::v1::Objective objective;
  const Outcome outcome = Read(
      "{title: Grow, owner: people/anna, cycle: q1, commitment: committed, "
      "alignments: [top, {parent: top/nps, weight: 2}]}",
      &objective);
  ASSERT_TRUE(outcome.errors.empty()) << outcome.errors.ToText("f");
  EXPECT_THAT(outcome.fields, ElementsAre("title", "owner", "cycle", "commitment", "alignments"));
  EXPECT_EQ(objective.owner(), "organizations/acme/people/anna");
  EXPECT_EQ(objective.cycle(), "organizations/acme/cycles/q1");
  EXPECT_EQ(objective.commitment(), goals::v1::COMMITMENT_COMMITTED);
  EXPECT_EQ(objective.alignments(0).parent(), "organizations/acme/objectives/top");
  EXPECT_EQ(objective.alignments(1).parent(), "organizations/acme/objectives/top/keyResults/nps");
  EXPECT_EQ(objective.alignments(1).weight(), 2);
}

TEST(MessageReader, ReadsASequenceForAMessageOfOneList) {
  goals::v1::KeyResult key_result;
  ASSERT_TRUE(
      Read("{milestones: [{id: a, title: Alpha}, {id: b, title: Beta, weight: 2}]}", &key_result)
          .errors.empty());
  ASSERT_EQ(key_result.milestones().milestones_size(), 2);
  EXPECT_EQ(key_result.milestones().milestones(1).weight(), 2);
  checkins::v1::CheckIn check_in;
  ASSERT_TRUE(
      Read("{milestones_done: [a, b], blockers: [Waiting for a key]}", &check_in).errors.empty());
  EXPECT_EQ(check_in.milestones_done().ids_size(), 2);
  EXPECT_EQ(check_in.blockers(0).text(), "Waiting for a key");
}

TEST(MessageReader, ReadsDaysAndSpans) {
  directory::v1::Cycle cycle;
  ASSERT_TRUE(Read("{start_date: -14d, end_date: 2024-01-31, check_in_schedule: "
                   "{weekday: MONDAY, grace: 2d}}",
                   &cycle)
                  .errors.empty());
  EXPECT_EQ(cycle.start_date().month(), 10);
  EXPECT_EQ(cycle.start_date().day(), 31);
  EXPECT_EQ(cycle.end_date().year(), 2024);
  EXPECT_EQ(cycle.check_in_schedule().grace().seconds(), 2 * 86400);
}

TEST(MessageReader, TakesCamelCase) {
  directory::v1::Person person;
  ASSERT_TRUE(Read("{displayName: Anna}", &person).errors.empty());
  EXPECT_EQ(person.display_name(), "Anna");
}

TEST(MessageReader, NamesAllThatIsWrongWithItsPlace) {
  goals::v1::Objective objective;
  const Outcome outcome =
      Read("titel: x\nowner: anna\ncommitment: maybe\nstate: ACTIVE\n", &objective);
  ASSERT_EQ(outcome.errors.all().size(), 4);
  EXPECT_EQ(outcome.errors.all()[0],
            (SourceError{1, 1, "\"titel\" is unknown here; did you mean \"title\"?"}));
  EXPECT_EQ(outcome.errors.all()[1].line, 2);
  EXPECT_EQ(outcome.errors.all()[1].column, 8);
  EXPECT_THAT(outcome.errors.all()[2].text,
              HasSubstr("one of COMMITTED, ASPIRATIONAL, LEARNING; not \"maybe\""));
  EXPECT_THAT(outcome.errors.all()[3].text, HasSubstr("set by the service"));
  EXPECT_THAT(outcome.errors.ToText("plan.yaml"), HasSubstr("plan.yaml:3:13: "));
}

TEST(MessageReader, LeavesTheCallersKeysAlone) {
  goals::v1::Objective objective;
  const Outcome outcome = Read("{id: x, title: y}", &objective, {"id"});
  EXPECT_TRUE(outcome.errors.empty());
  EXPECT_THAT(outcome.fields, ElementsAre("title"));
}

TEST(MessageReader, RefusesWhatIsNoNumber) {
  goals::v1::KeyResult key_result;
  for (const char* yaml : {"{metric: {target: many}}", "{metric: {target: .nan}}",
                           "{metric: {target: inf}}", "{metric: {target: [1]}}"}) {
    EXPECT_EQ(Read(yaml, &key_result).errors.all().size(), 1) << yaml;
  }
}

TEST(MessageReader, RefusesAKeyTwice) {
  goals::v1::Objective objective;
  EXPECT_THAT(Read("title: a\ntitle: b\n", &objective).errors.ToText("f"),
              HasSubstr("f:2:1: \"title\" stands here twice"));
}

TEST(ParseYaml, SaysWhereTheTextIsNoUtf8) {
  SourceErrors errors;
  ParseYaml("a: 1\nb: \xFF\n", &errors);
  ASSERT_EQ(errors.all().size(), 1);
  EXPECT_EQ(errors.all()[0].line, 2);
  EXPECT_THAT(errors.all()[0].text, HasSubstr("UTF-8"));
}

TEST(ParseYaml, SaysWhereTheSyntaxIsWrong) {
  SourceErrors errors;
  ParseYaml("a: [1, 2\nb: 3\n", &errors);
  ASSERT_EQ(errors.all().size(), 1);
  EXPECT_EQ(errors.all()[0].line, 2);
}

}  // namespace
}  // namespace okr::cli
