#include "common/fieldmask/update_mask.h"

#include "common/testing/status_matchers.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "okr/goals/v1/resources.pb.h"

namespace okr {
namespace {

using google::protobuf::TextFormat;
using google::protobuf::util::MessageDifferencer;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::NamesField;

template <typename T>
T Parse(const std::string& text) {
  T message;
  EXPECT_TRUE(TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

google::protobuf::FieldMask Mask(const std::vector<std::string>& paths) {
  google::protobuf::FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  return mask;
}

constexpr char kPresent[] =
    R"(name: "n" title: "old" why: "because" cycle: "c" shared_with: ["a", "b"] state: OBJECTIVE_STATE_ACTIVE
       alignments { parent: "p" } etag: "\"1\"")";

const UpdateRules& Rules() {
  static const auto& rules =
      *new UpdateRules{.resource = "objective", .fixed = {{"alignments", "use AlignObjective"}}};
  return rules;
}

struct Case {
  std::string what;
  std::vector<std::string> paths;
  std::string source;
  std::string expected;
};

class TakesFields : public ::testing::TestWithParam<Case> {};

TEST_P(TakesFields, OfAnObjective) {
  const Case& c = GetParam();
  auto target = Parse<goals::v1::Objective>(kPresent);
  Violations violations;
  ApplyUpdateMask(Mask(c.paths), Parse<goals::v1::Objective>(c.source), Rules(), target,
                  violations);
  EXPECT_THAT(violations.ToStatus(), IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(target, Parse<goals::v1::Objective>(c.expected)))
      << target.ShortDebugString();
}

INSTANTIATE_TEST_SUITE_P(
    All, TakesFields,
    ::testing::Values(
        Case{
            "OnlyWhatIsNamed",
            {"title"},
            R"(title: "new" why: "other")",
            R"(name: "n" title: "new" why: "because" cycle: "c" shared_with: ["a", "b"] state: OBJECTIVE_STATE_ACTIVE
                alignments { parent: "p" } etag: "\"1\"")"},
        Case{
            "NamedButNotSetIsCleared",
            {"why", "shared_with"},
            "",
            R"(name: "n" title: "old" cycle: "c" state: OBJECTIVE_STATE_ACTIVE alignments { parent: "p" }
                etag: "\"1\"")"},
        Case{
            "RepeatedIsReplaced",
            {"shared_with"},
            R"(shared_with: "z")",
            R"(name: "n" title: "old" why: "because" cycle: "c" shared_with: "z" state: OBJECTIVE_STATE_ACTIVE
                alignments { parent: "p" } etag: "\"1\"")"},
        Case{
            "EmptyMaskTakesWhatIsSet",
            {},
            R"(name: "other" title: "new" state: OBJECTIVE_STATE_DRAFT etag: "x")",
            R"(name: "n" title: "new" why: "because" cycle: "c" shared_with: ["a", "b"] state: OBJECTIVE_STATE_ACTIVE
                alignments { parent: "p" } etag: "\"1\"")"},
        Case{
            "StarTakesAllThatClientsWrite",
            {"*"},
            R"(name: "n" title: "new" cycle: "c")",
            R"(name: "n" title: "new" cycle: "c" state: OBJECTIVE_STATE_ACTIVE alignments { parent: "p" }
                etag: "\"1\"")"},
        Case{
            "UnchangedFixedFieldsMayBeNamed",
            {"title", "cycle", "alignments", "etag", "name"},
            R"(name: "n" title: "new" cycle: "c" alignments { parent: "p" })",
            R"(name: "n" title: "new" why: "because" cycle: "c" shared_with: ["a", "b"] state: OBJECTIVE_STATE_ACTIVE
                alignments { parent: "p" } etag: "\"1\"")"}),
    [](const auto& info) { return info.param.what; });

struct BadCase {
  std::string what;
  std::vector<std::string> paths;
  std::string source;
  std::string field;
  std::string told;
};

class RefusesFields : public ::testing::TestWithParam<BadCase> {};

TEST_P(RefusesFields, OfAnObjective) {
  const BadCase& c = GetParam();
  auto target = Parse<goals::v1::Objective>(kPresent);
  Violations violations;
  ApplyUpdateMask(Mask(c.paths), Parse<goals::v1::Objective>(c.source), Rules(), target,
                  violations);
  EXPECT_THAT(violations.ToStatus(), NamesField(c.field));
  EXPECT_THAT(std::string(violations.ToStatus().message()), HasSubstr(c.told));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusesFields,
    ::testing::Values(
        BadCase{"UnknownPathTellsKnownOnes", {"titel"}, "", "update_mask", "title, description"},
        BadCase{"UnknownNestedPath", {"alignments.x"}, "", "update_mask", "replaced whole"},
        BadCase{"PathIntoText", {"title.x"}, "", "update_mask", "replaced whole"},
        BadCase{"OutputOnly", {"state"}, "", "update_mask", "is output only"},
        BadCase{"EmptyPath", {""}, "", "update_mask", "does not exist"},
        BadCase{"StarAmongOthers", {"*", "title"}, "", "update_mask", "\"*\""},
        BadCase{"ImmutableChanged", {"cycle"}, R"(cycle: "d")", "objective.cycle", "never changes"},
        BadCase{"ImmutableChangedByStar", {"*"}, R"(cycle: "d")", "objective.cycle", "never"},
        BadCase{"FixedChangedByEmptyMask",
                {},
                R"(alignments { parent: "q" })",
                "objective.alignments",
                "use AlignObjective"}),
    [](const auto& info) { return info.param.what; });

TEST(ApplyUpdateMask, ReachesIntoMessages) {
  auto target = Parse<goals::v1::KeyResult>(R"(metric { baseline: 1 target: 5 unit: "ms" })");
  Violations violations;
  ApplyUpdateMask(Mask({"metric.target"}), Parse<goals::v1::KeyResult>("metric { target: 7 }"),
                  {.resource = "key_result"}, target, violations);
  EXPECT_THAT(violations.ToStatus(), IsOk());
  EXPECT_EQ(target.metric().baseline(), 1);
  EXPECT_EQ(target.metric().target(), 7);
  EXPECT_EQ(target.metric().unit(), "ms");
}

TEST(ApplyUpdateMask, ChangesTheMemberOfAOneof) {
  for (const std::vector<std::string>& paths :
       {std::vector<std::string>{}, std::vector<std::string>{"*"},
        std::vector<std::string>{"maintain"}}) {
    auto target = Parse<goals::v1::KeyResult>(R"(metric { baseline: 1 target: 5 })");
    Violations violations;
    ApplyUpdateMask(Mask(paths), Parse<goals::v1::KeyResult>("maintain { lower: 1 }"),
                    {.resource = "key_result"}, target, violations);
    EXPECT_THAT(violations.ToStatus(), IsOk());
    EXPECT_TRUE(target.has_maintain()) << target.ShortDebugString();
  }
}

TEST(ApplyUpdateMask, ClearsAnOptionalNumber) {
  auto target = Parse<goals::v1::KeyResult>("weight: 2");
  Violations violations;
  ApplyUpdateMask(Mask({"weight"}), goals::v1::KeyResult(), {.resource = "key_result"}, target,
                  violations);
  EXPECT_FALSE(target.has_weight());
}

TEST(ApplyUpdateMask, NamesAllWrongPathsAtOnce) {
  auto target = Parse<goals::v1::Objective>(kPresent);
  Violations violations;
  ApplyUpdateMask(Mask({"a", "b", "cycle"}), goals::v1::Objective(), Rules(), target, violations);
  EXPECT_EQ(DetailsOf(violations.ToStatus()).violations.size(), 3);
}

}  // namespace
}  // namespace okr
