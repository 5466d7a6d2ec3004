#include "common/access/access.h"

#include <gtest/gtest.h>

#include "common/names/names.h"

namespace okr::access {
namespace {

OrganizationName Acme() { return OrganizationName("acme"); }

PersonName PersonOf(const char* id) { return PersonName(Acme(), id); }

const auth::Principal kMember{.organization = "acme", .role = auth::Role::kMember};

Objective AnnsShownToBob() {
  Objective objective;
  objective.name = ObjectiveName(Acme(), "o1");
  objective.owner = Owner(PersonOf("ann"));
  objective.shared_with = {PersonOf("bob")};
  return objective;
}

TEST(MaySee, APrivateObjectiveIsForItsOwnerAndThoseItIsSharedWith) {
  Objective objective = AnnsShownToBob();
  objective.visibility = Visibility::kPrivate;
  EXPECT_TRUE(MaySee(kMember, PersonOf("ann"), objective));
  EXPECT_TRUE(MaySee(kMember, PersonOf("bob"), objective));
  EXPECT_FALSE(MaySee(kMember, PersonOf("cem"), objective));
  EXPECT_FALSE(MaySee(kMember, std::nullopt, objective));
}

TEST(MaySee, OtherObjectivesAreForAllOfTheOrganization) {
  EXPECT_TRUE(MaySee(kMember, PersonOf("cem"), AnnsShownToBob()));
  EXPECT_TRUE(MaySee(kMember, std::nullopt, AnnsShownToBob()));
  const auth::Principal stranger{.organization = "other", .role = auth::Role::kAdmin};
  EXPECT_FALSE(MaySee(stranger, std::nullopt, AnnsShownToBob()));
}

TEST(MaySeeScore, APersonsScoreIsForThatPersonAndThoseItIsSharedWith) {
  EXPECT_TRUE(MaySeeScore(PersonOf("ann"), AnnsShownToBob()));
  EXPECT_TRUE(MaySeeScore(PersonOf("bob"), AnnsShownToBob()));
  EXPECT_FALSE(MaySeeScore(PersonOf("cem"), AnnsShownToBob()));
  EXPECT_FALSE(MaySeeScore(std::nullopt, AnnsShownToBob()));
}

TEST(MaySeeScore, ATeamsScoreIsForAllWhoeverAnswersForTheKeyResult) {
  Objective objective;
  objective.owner = Owner(TeamName(Acme(), "sales"));
  KeyResult key_result;
  key_result.owner = Owner(PersonOf("ann"));
  EXPECT_TRUE(MaySeeScore(PersonOf("cem"), objective));
  EXPECT_TRUE(MaySeeScore(PersonOf("cem"), objective, key_result));
}

TEST(MaySeeScore, WhoAnswersForAKeyResultSeesItsScoreButNotTheObjectives) {
  KeyResult key_result;
  key_result.owner = Owner(PersonOf("cem"));
  EXPECT_TRUE(MaySeeScore(PersonOf("cem"), AnnsShownToBob(), key_result));
  EXPECT_FALSE(MaySeeScore(PersonOf("cem"), AnnsShownToBob()));
  EXPECT_FALSE(MaySeeScore(PersonOf("dan"), AnnsShownToBob(), key_result));
}

}  // namespace
}  // namespace okr::access
