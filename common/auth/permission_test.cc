#include "common/auth/permission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "common/testing/status_matchers.h"

namespace okr::auth {
namespace {

using ::okr::testing::HasCode;
using ::okr::testing::HasReason;
using ::testing::HasSubstr;

constexpr Action kWrites[] = {Action::kCreateObjective, Action::kUpdate, Action::kCheckIn,
                              Action::kGrade};

Principal As(Role role, absl::string_view organization = "acme") {
  return {.organization = std::string(organization), .subject = "s", .role = role};
}

Relation Mine(Relation relation = {}) {
  relation.same_organization = true;
  return relation;
}

const Relation kNone = Mine();
const Relation kOwner = Mine({.is_owner = true});
const Relation kLead = Mine({.is_lead_of_owning_team = true});
const Relation kTeamMember = Mine({.is_member_of_owning_team = true});
const Relation kDelegate = Mine({.is_delegate = true});

TEST(Permission, LetsEveryoneInTheOrganizationRead) {
  for (const Role role : {Role::kViewer, Role::kMember, Role::kAdmin, Role::kService}) {
    EXPECT_OK(Allowed(As(role), kNone, Action::kRead));
    EXPECT_OK(Allowed(As(role), kNone, Action::kReadEvents));
  }
}

TEST(Permission, LetsTheResponsibleWrite) {
  for (const Action action : kWrites) {
    for (const Relation& relation : {kOwner, kLead, kDelegate}) {
      EXPECT_OK(Allowed(As(Role::kMember), relation, action));
    }
    EXPECT_OK(Allowed(As(Role::kAdmin), kNone, action));
  }
}

TEST(Permission, RefusesWritesOfOthersAndSaysWhoMay) {
  for (const Action action : kWrites) {
    const absl::Status status = Allowed(As(Role::kMember), kNone, action);
    EXPECT_THAT(status, HasCode(absl::StatusCode::kPermissionDenied));
    EXPECT_THAT(status, HasReason("PERMISSION_DENIED"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("only the owner, leads"));
  }
}

TEST(Permission, LetsMembersOfTheOwningTeamOnlyCheckIn) {
  EXPECT_OK(Allowed(As(Role::kMember), kTeamMember, Action::kCheckIn));
  EXPECT_THAT(Allowed(As(Role::kMember), kTeamMember, Action::kUpdate),
              HasReason("PERMISSION_DENIED"));
  EXPECT_THAT(Allowed(As(Role::kMember), kTeamMember, Action::kGrade),
              HasReason("PERMISSION_DENIED"));
}

TEST(Permission, LetsViewersAndServicesWriteNothing) {
  for (const Role role : {Role::kViewer, Role::kService}) {
    for (const Action action : kWrites) {
      EXPECT_THAT(Allowed(As(role), kOwner, action), HasReason("PERMISSION_DENIED"));
    }
  }
}

TEST(Permission, LetsOnlyAdministratorsAdminister) {
  EXPECT_OK(Allowed(As(Role::kAdmin), kNone, Action::kAdminister));
  for (const Role role : {Role::kViewer, Role::kMember, Role::kService}) {
    EXPECT_THAT(Allowed(As(role), kOwner, Action::kAdminister), HasReason("PERMISSION_DENIED"));
  }
}

TEST(Permission, ShowsAPrivateResourceToItsCircle) {
  for (const Relation& relation : {Mine({.is_owner = true, .is_private = true}),
                                   Mine({.is_delegate = true, .is_private = true}),
                                   Mine({.is_private = true, .is_shared_with = true})}) {
    EXPECT_OK(Allowed(As(Role::kViewer), relation, Action::kRead));
  }
  EXPECT_OK(Allowed(As(Role::kAdmin), Mine({.is_private = true}), Action::kRead));
}

TEST(Permission, HidesAPrivateResourceFromOthers) {
  for (const Relation& relation :
       {Mine({.is_private = true}), Mine({.is_lead_of_owning_team = true, .is_private = true})}) {
    EXPECT_THAT(Allowed(As(Role::kMember), relation, Action::kRead),
                HasReason("PERMISSION_DENIED"));
    EXPECT_THAT(Allowed(As(Role::kService), relation, Action::kRead),
                HasReason("PERMISSION_DENIED"));
  }
}

TEST(Permission, DoesNotLetSharingWrite) {
  EXPECT_THAT(Allowed(As(Role::kMember), Mine({.is_private = true, .is_shared_with = true}),
                      Action::kUpdate),
              HasReason("PERMISSION_DENIED"));
}

TEST(Permission, KeepsAnInboxPersonal) {
  EXPECT_OK(Allowed(As(Role::kViewer), kOwner, Action::kUseInbox));
  EXPECT_THAT(Allowed(As(Role::kAdmin), kNone, Action::kUseInbox), HasReason("PERMISSION_DENIED"));
}

TEST(Permission, RefusesOtherOrganizationsFirst) {
  const Relation foreign{.is_owner = true};
  for (const Role role : {Role::kViewer, Role::kMember, Role::kAdmin, Role::kService}) {
    for (const Action action : {Action::kRead, Action::kUpdate, Action::kAdminister,
                                Action::kReadEvents, Action::kUseInbox}) {
      EXPECT_THAT(Allowed(As(role), foreign, action), HasReason("WRONG_ORGANIZATION"));
    }
  }
}

TEST(Permission, LetsOnlyServicesEverywhereReadAShard) {
  EXPECT_OK(Allowed(As(Role::kService, "*"), {}, Action::kReadEventShard));
  for (const Role role : {Role::kViewer, Role::kMember, Role::kAdmin, Role::kService}) {
    EXPECT_THAT(Allowed(As(role), kOwner, Action::kReadEventShard), HasReason("PERMISSION_DENIED"));
  }
}

TEST(Permission, LetsServicesEverywhereFillProjectionsButNotWrite) {
  EXPECT_OK(Allowed(As(Role::kService, "*"), {.is_private = true}, Action::kRead));
  for (const Action action : {Action::kUpdate, Action::kCheckIn, Action::kGrade,
                              Action::kAdminister, Action::kUseInbox}) {
    EXPECT_THAT(Allowed(As(Role::kService, "*"), kOwner, action), HasReason("PERMISSION_DENIED"));
  }
}

TEST(Permission, GivesTheWildcardToNoOtherRole) {
  EXPECT_THAT(Allowed(As(Role::kAdmin, "*"), {}, Action::kRead), HasReason("WRONG_ORGANIZATION"));
  EXPECT_FALSE(IsSameOrganization(As(Role::kAdmin, "*"), "*"));
  EXPECT_TRUE(IsSameOrganization(As(Role::kViewer), "acme"));
  EXPECT_FALSE(IsSameOrganization(As(Role::kViewer), "other"));
}

}  // namespace
}  // namespace okr::auth
