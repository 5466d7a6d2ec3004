#include "services/notifications/domain/recipients.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okr::notifications {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const OrganizationName& Acme() {
  static const auto& name = *new OrganizationName("acme");
  return name;
}
PersonName PersonOf(absl::string_view id) { return PersonName(Acme(), id); }

Team Sales() {
  return {.name = TeamName(Acme(), "sales"),
          .members = {{PersonOf("ann"), TeamRole::kLead},
                      {PersonOf("bob"), TeamRole::kMember},
                      {PersonOf("cem"), TeamRole::kLead}}};
}

Objective PrivateObjective() {
  return {.name = ObjectiveName(Acme(), "o1"),
          .owner = Owner(PersonOf("ann")),
          .visibility = Visibility::kPrivate,
          .shared_with = {PersonOf("bob")}};
}

TEST(PeopleBehind, APersonStandsForThemselves) {
  EXPECT_THAT(PeopleBehind(Owner(PersonOf("ann")), nullptr), ElementsAre(PersonOf("ann")));
}

TEST(PeopleBehind, ATeamStandsForItsLeads) {
  const Team team = Sales();
  EXPECT_THAT(PeopleBehind(Owner(team.name), &team), ElementsAre(PersonOf("ann"), PersonOf("cem")));
}

TEST(PeopleBehind, NobodyStandsBehindADeletedTeam) {
  Team team = Sales();
  team.times.delete_time = absl::UnixEpoch();
  EXPECT_THAT(PeopleBehind(Owner(team.name), &team), IsEmpty());
}

TEST(PeopleBehind, NobodyStandsBehindNoOwner) { EXPECT_THAT(PeopleBehind({}, nullptr), IsEmpty()); }

TEST(MaySee, APrivateObjectiveIsSeenByItsOwnerAndThoseItIsSharedWith) {
  EXPECT_TRUE(MaySee(PrivateObjective(), PersonOf("ann")));
  EXPECT_TRUE(MaySee(PrivateObjective(), PersonOf("bob")));
  EXPECT_FALSE(MaySee(PrivateObjective(), PersonOf("cem")));
}

TEST(MaySee, EveryOtherObjectiveIsSeenByAll) {
  Objective objective = PrivateObjective();
  objective.visibility = Visibility::kOrganization;
  EXPECT_TRUE(MaySee(objective, PersonOf("cem")));
}

TEST(IsTold, NobodyOfTheirOwnAct) {
  const Person ann{.name = PersonOf("ann")};
  EXPECT_FALSE(IsTold(ann, PersonOf("ann")));
  EXPECT_TRUE(IsTold(ann, PersonOf("bob")));
  EXPECT_TRUE(IsTold(ann, std::nullopt));
}

TEST(IsTold, NobodyWhoIsDeactivated) {
  EXPECT_FALSE(IsTold({.name = PersonOf("ann"), .state = PersonState::kDeactivated}, std::nullopt));
}

TEST(IsAlive, NotOnceDeletedOrRetired) {
  Objective objective = PrivateObjective();
  EXPECT_TRUE(IsAlive(objective));
  objective.state = ObjectiveState::kRetired;
  EXPECT_FALSE(IsAlive(objective));
  KeyResult key_result;
  EXPECT_TRUE(IsAlive(key_result));
  key_result.times.delete_time = absl::UnixEpoch();
  EXPECT_FALSE(IsAlive(key_result));
}

}  // namespace
}  // namespace okr::notifications
