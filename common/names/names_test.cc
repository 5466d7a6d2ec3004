#include "common/names/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/container/flat_hash_set.h"
#include "common/testing/status_matchers.h"

namespace okr {
namespace {

using ::okr::testing::HasCode;
using ::okr::testing::HasReason;
using ::okr::testing::NamesField;
using ::testing::HasSubstr;

constexpr char kKeyResult[] = "organizations/acme/objectives/grow/keyResults/signups";

TEST(ResourceId, FollowsTheRule) {
  for (const char* id : {"a", "7", "a-b", "q3-2026", "01890a5d-ac96-774b-bcce-b302099a8057"}) {
    EXPECT_TRUE(IsResourceId(id)) << id;
  }
  EXPECT_TRUE(IsResourceId(std::string(63, 'x')));
  for (const char* id : {"", "-", "-a", "a-", "A", "a_b", "a b", "a.b", "a/b", "\xc3\xa4", "a\n"}) {
    EXPECT_FALSE(IsResourceId(id)) << id;
  }
  EXPECT_FALSE(IsResourceId(std::string(64, 'x')));
}

TEST(ResourceId, IsRefusedUnderItsField) {
  const absl::Status status = CheckResourceId("objective_id", "Grow");
  EXPECT_THAT(status, HasReason("INVALID_FIELDS"));
  EXPECT_THAT(status, NamesField("objective_id"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("\"Grow\""));
  EXPECT_OK(CheckResourceId("objective_id", "grow"));
}

template <typename Name>
void ExpectRoundTrip(const char* text, const char* relative, const char* id) {
  ASSERT_OK_AND_ASSIGN(const Name name, Name::Parse(text));
  EXPECT_EQ(name.ToString(), text);
  EXPECT_EQ(name.relative(), relative);
  EXPECT_EQ(name.id(), id);
  EXPECT_EQ(name.organization_id(), "acme");
  EXPECT_EQ(name.organization().ToString(), "organizations/acme");
  EXPECT_EQ(Name::FromRelative("acme", relative).value(), name);
}

TEST(Names, ReadWhatTheyWrite) {
  ExpectRoundTrip<OrganizationName>("organizations/acme", "", "acme");
  ExpectRoundTrip<PersonName>("organizations/acme/people/ann", "people/ann", "ann");
  ExpectRoundTrip<TeamName>("organizations/acme/teams/ops", "teams/ops", "ops");
  ExpectRoundTrip<CycleName>("organizations/acme/cycles/q1", "cycles/q1", "q1");
  ExpectRoundTrip<ObjectiveName>("organizations/acme/objectives/grow", "objectives/grow", "grow");
  ExpectRoundTrip<KeyResultName>(kKeyResult, "objectives/grow/keyResults/signups", "signups");
  ExpectRoundTrip<CheckInName>("organizations/acme/objectives/grow/keyResults/signups/checkIns/1",
                               "objectives/grow/keyResults/signups/checkIns/1", "1");
  ExpectRoundTrip<NotificationName>("organizations/acme/people/ann/notifications/n1",
                                    "people/ann/notifications/n1", "n1");
}

TEST(Names, AreBuiltFromTheirParents) {
  const OrganizationName acme("acme");
  const KeyResultName key_result(ObjectiveName(acme, "grow"), "signups");
  EXPECT_EQ(key_result.ToString(), kKeyResult);
  const CheckInName check_in(key_result, "w1");
  EXPECT_EQ(check_in.ToString(), std::string(kKeyResult) + "/checkIns/w1");
  EXPECT_EQ(check_in.key_result(), key_result);
  EXPECT_EQ(check_in.objective(), ObjectiveName(acme, "grow"));
  const NotificationName notification(PersonName(acme, "ann"), "n1");
  EXPECT_EQ(notification.person(), PersonName(acme, "ann"));
}

TEST(Names, CompareAndHashByText) {
  const OrganizationName acme("acme");
  EXPECT_LT(TeamName(acme, "a"), TeamName(acme, "b"));
  EXPECT_NE(TeamName(acme, "a"), TeamName(OrganizationName("other"), "a"));
  const absl::flat_hash_set<TeamName> teams = {TeamName(acme, "a"), TeamName(acme, "a")};
  EXPECT_EQ(teams.size(), 1U);
}

TEST(Names, RefuseWhatDoesNotFollowThePattern) {
  for (const char* text :
       {"", "/", "organizations", "organizations/", "organizations/acme",
        "organizations/acme/objectives/", "organizations/acme/objectives/grow/",
        "/organizations/acme/objectives/grow", "organizations/acme/teams/grow",
        "organizations/acme/objectives/grow/keyResults/x", "organizations//objectives/grow",
        "organizations/-/objectives/grow", "organizations/acme/objectives/-",
        "organizations/acme/objectives/{objective}", "organizations/acme/objectives/../x",
        "organizations/ACME/objectives/grow", "organizations/acme/objectives/gr\xffow"}) {
    EXPECT_THAT(ObjectiveName::Parse(text), HasCode(absl::StatusCode::kInvalidArgument)) << text;
    EXPECT_NE(ObjectiveName::WhatIsWrongWith(text), "") << text;
  }
  EXPECT_EQ(ObjectiveName::WhatIsWrongWith("organizations/acme/objectives/grow"), "");
}

TEST(Names, SayFieldValueAndPattern) {
  const auto name = TeamName::Parse("organizations/acme/people/ann", "objective.owner_team");
  EXPECT_THAT(name, HasReason("INVALID_FIELDS"));
  EXPECT_THAT(name, NamesField("objective.owner_team"));
  EXPECT_THAT(std::string(name.status().message()),
              HasSubstr("is \"organizations/acme/people/ann\", expected "
                        "organizations/{organization}/teams/{team}"));
}

TEST(Names, SayWhichIdIsWrong) {
  EXPECT_THAT(TeamName::WhatIsWrongWith("organizations/acme/teams/Ops Team"),
              HasSubstr("\"Ops Team\" is no id"));
}

TEST(Names, RepeatOnlyTheStartOfAHugeValue) {
  EXPECT_LT(TeamName::WhatIsWrongWith(std::string(10'000'000, 'x')).size(), 400U);
}

TEST(ParentPattern, TellsTheExactParent) {
  ASSERT_OK_AND_ASSIGN(const auto parent,
                       ParentPattern<ObjectiveName>::Parse("organizations/acme/objectives/grow"));
  EXPECT_FALSE(parent.has_wildcard());
  EXPECT_EQ(parent.exact(), ObjectiveName(OrganizationName("acme"), "grow"));
  EXPECT_EQ(parent.id(1), "grow");
}

TEST(ParentPattern, TakesAWildcardBelowTheOrganization) {
  ASSERT_OK_AND_ASSIGN(const auto parent, ParentPattern<KeyResultName>::Parse(
                                              "organizations/acme/objectives/grow/keyResults/-"));
  EXPECT_TRUE(parent.has_wildcard());
  EXPECT_EQ(parent.exact(), std::nullopt);
  EXPECT_EQ(parent.id(1), "grow");
  EXPECT_EQ(parent.id(2), std::nullopt);
  EXPECT_EQ(parent.organization_id(), "acme");
}

TEST(ParentPattern, RefusesAWildcardForTheOrganization) {
  EXPECT_THAT(ParentPattern<ObjectiveName>::Parse("organizations/-/objectives/-"),
              NamesField("parent"));
}

}  // namespace
}  // namespace okr
