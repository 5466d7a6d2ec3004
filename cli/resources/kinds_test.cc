#include "cli/resources/kinds.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "okr/goals/v1/resources.pb.h"

namespace okr::cli {
namespace {

constexpr char kOrganization[] = "organizations/acme";

std::string Resolved(absl::string_view text, const std::vector<Kind>& kinds) {
  return ResolveName(text, kinds, kOrganization).value();
}

TEST(ResolveName, TakesFullNamesAsTheyAre) {
  EXPECT_EQ(Resolved("organizations/other/people/anna", {Kind::kPerson}),
            "organizations/other/people/anna");
}

TEST(ResolveName, CompletesShortNames) {
  EXPECT_EQ(Resolved("people/anna", {Kind::kPerson, Kind::kTeam}),
            "organizations/acme/people/anna");
  EXPECT_EQ(Resolved("anna", {Kind::kPerson}), "organizations/acme/people/anna");
  EXPECT_EQ(Resolved("grow/nps", {Kind::kKeyResult}),
            "organizations/acme/objectives/grow/keyResults/nps");
  EXPECT_EQ(Resolved("objectives/grow/keyResults/nps", {Kind::kKeyResult}),
            "organizations/acme/objectives/grow/keyResults/nps");
  EXPECT_EQ(Resolved("acme", {Kind::kOrganization}), "organizations/acme");
}

TEST(ResolveName, TellsObjectivesAndKeyResultsApartByTheirDepth) {
  EXPECT_EQ(Resolved("grow", {Kind::kObjective, Kind::kKeyResult}),
            "organizations/acme/objectives/grow");
  EXPECT_EQ(Resolved("grow/nps", {Kind::kObjective, Kind::kKeyResult}),
            "organizations/acme/objectives/grow/keyResults/nps");
}

TEST(ResolveName, RefusesWhatIsAmbiguousOrOfAnotherKind) {
  EXPECT_FALSE(ResolveName("anna", {Kind::kPerson, Kind::kTeam}, kOrganization).ok());
  EXPECT_FALSE(ResolveName("teams/x", Kind::kPerson, kOrganization).ok());
  EXPECT_FALSE(ResolveName("organizations/acme/teams/x", Kind::kPerson, kOrganization).ok());
  EXPECT_FALSE(ResolveName("grow//nps", Kind::kKeyResult, kOrganization).ok());
  EXPECT_FALSE(ResolveName("", Kind::kPerson, kOrganization).ok());
}

TEST(ResolveName, SaysWhatWouldBeRight) {
  EXPECT_EQ(ResolveName("anna", {Kind::kPerson, Kind::kTeam}, kOrganization).status().message(),
            "\"anna\" is no name of a person or a team; write people/person-id or teams/team-id");
}

TEST(ShortName, LeavesOutWhatIsKnown) {
  EXPECT_EQ(ShortName("organizations/acme/people/anna"), "people/anna");
  EXPECT_EQ(ShortName("organizations/acme/objectives/grow"), "grow");
  EXPECT_EQ(ShortName("organizations/acme/objectives/grow/keyResults/nps/checkIns/c1"),
            "grow/nps/c1");
  EXPECT_EQ(ShortName("organizations/acme"), "organizations/acme");
}

TEST(ParentOf, TakesTheLastTwoPartsAway) {
  EXPECT_EQ(ParentOf("organizations/acme/objectives/grow"), "organizations/acme");
  EXPECT_EQ(ParentOf("x"), "");
}

TEST(ReferencedKinds, KnowsOwners) {
  const auto* objective = okr::goals::v1::Objective::descriptor();
  EXPECT_EQ(ReferencedKinds(*objective->FindFieldByName("owner")).size(), 2);
  EXPECT_TRUE(ReferencedKinds(*objective->FindFieldByName("title")).empty());
}

}  // namespace
}  // namespace okr::cli
