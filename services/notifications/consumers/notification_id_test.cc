#include "services/notifications/consumers/notification_id.h"

#include <gtest/gtest.h>

namespace okr::notifications {
namespace {

const PersonName& Ann() {
  static const auto& name = *new PersonName(OrganizationName("acme"), "ann");
  return name;
}

TEST(NotificationId, IsTheSameForTheSameCause) {
  EXPECT_EQ(NotificationId("e1", Ann(), Kind::kCheckInDue),
            NotificationId("e1", Ann(), Kind::kCheckInDue));
}

TEST(NotificationId, DiffersByEventRecipientAndKind) {
  const Uuid id = NotificationId("e1", Ann(), Kind::kCheckInDue);
  EXPECT_NE(id, NotificationId("e2", Ann(), Kind::kCheckInDue));
  EXPECT_NE(id,
            NotificationId("e1", PersonName(OrganizationName("acme"), "bob"), Kind::kCheckInDue));
  EXPECT_NE(id, NotificationId("e1", Ann(), Kind::kCheckInOverdue));
}

TEST(NotificationId, IsAUuidThatMayStandInAName) {
  const Uuid id = NotificationId("e1", Ann(), Kind::kCheckInDue);
  EXPECT_EQ(id.version(), 8);
  EXPECT_EQ(id.bytes()[8] & 0xc0, 0x80);
  EXPECT_TRUE(NotificationName::Parse(NotificationName(Ann(), id.ToString()).ToString()).ok());
}

}  // namespace
}  // namespace okr::notifications
