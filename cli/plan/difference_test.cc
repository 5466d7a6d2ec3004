#include "cli/plan/difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/plan/request_id.h"
#include "common/ids/uuid.h"
#include "common/testing/status_matchers.h"
#include "okr/directory/v1/resources.pb.h"
#include "okr/goals/v1/resources.pb.h"

namespace okr::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(DifferingFields, LooksOnlyAtTheNamedOnes) {
  goals::v1::Objective have;
  have.set_title("Old");
  have.set_why("Because");
  goals::v1::Objective wanted;
  wanted.set_title("New");
  EXPECT_THAT(DifferingFields(have, wanted, {"title"}), ElementsAre("title"));
  EXPECT_THAT(DifferingFields(have, wanted, {"title", "why"}), ElementsAre("title", "why"));
  wanted.set_title("Old");
  EXPECT_THAT(DifferingFields(have, wanted, {"title"}), IsEmpty());
}

TEST(DifferingFields, LetsTheServiceFillInDefaults) {
  goals::v1::KeyResult have;
  have.mutable_metric()->set_target(5);
  have.mutable_metric()->set_unit("%");
  goals::v1::KeyResult wanted;
  wanted.mutable_metric()->set_target(5);
  EXPECT_THAT(DifferingFields(have, wanted, {"metric"}), IsEmpty());
  wanted.mutable_metric()->set_target(6);
  EXPECT_THAT(DifferingFields(have, wanted, {"metric"}), ElementsAre("metric"));
}

TEST(DifferingFields, SeesAnotherKind) {
  goals::v1::KeyResult have;
  have.mutable_maintain()->set_lower(5);
  goals::v1::KeyResult wanted;
  wanted.mutable_metric()->set_target(5);
  EXPECT_THAT(DifferingFields(have, wanted, {"metric"}), ElementsAre("metric"));
}

directory::v1::Team Team(const std::vector<std::string>& people) {
  directory::v1::Team team;
  for (const std::string& person : people) team.add_members()->set_person(person);
  return team;
}

TEST(DifferingFields, ComparesListsInAnyOrder) {
  EXPECT_THAT(DifferingFields(Team({"a", "b"}), Team({"b", "a"}), {"members"}), IsEmpty());
  EXPECT_THAT(DifferingFields(Team({"a", "b"}), Team({"a"}), {"members"}), ElementsAre("members"));
  EXPECT_THAT(DifferingFields(Team({"a"}), Team({"c"}), {"members"}), ElementsAre("members"));
}

TEST(RequestIdOf, FollowsFromTheRequest) {
  goals::v1::Objective a;
  a.set_title("a");
  goals::v1::Objective b;
  b.set_title("b");
  EXPECT_EQ(RequestIdOf("s", a), RequestIdOf("s", a));
  EXPECT_NE(RequestIdOf("s", a), RequestIdOf("s", b));
  EXPECT_NE(RequestIdOf("s", a), RequestIdOf("t", a));
  EXPECT_EQ(Uuid::Parse(RequestIdOf("s", a)).value().version(), 8);
}

}  // namespace
}  // namespace okr::cli
