// The program beside goals and checkins, over the network.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/company.h"

namespace okr::notifications {
namespace {

using okr::testing::Company;
using okr::testing::HasReason;
using okr::testing::IsOk;
using okr::testing::Suite;
using Stub = v1::NotificationsService::Stub;

constexpr absl::Duration kPatience = absl::Seconds(30);

class NotificationsProcess : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = Suite::Start({.services = {"goals", "checkins", "notifications"}});
    ASSERT_OK(started);
    suite_ = started->release();
  }
  static void TearDownTestSuite() { delete suite_; }

  // Waits until the inbox holds so many; gives what it holds in the end.
  static v1::ListNotificationsResponse Await(Company& company, const std::string& person,
                                             int count) {
    const absl::Time deadline = absl::Now() + kPatience;
    while (true) {
      const auto inbox = company.Inbox(person);
      EXPECT_OK(inbox);
      if (!inbox.ok()) return {};
      if (inbox->notifications_size() >= count || absl::Now() > deadline) return *inbox;
      absl::SleepFor(absl::Milliseconds(20));  // Between two looks.
    }
  }
  // `who` serves an objective of ann.
  static void Align(Company& company, const std::string& who) {
    ASSERT_OK(company.CreateObjective(who, "people/" + who));
    ASSERT_OK(company.Align(who, "goal", 1));
  }
  static absl::StatusOr<v1::MarkNotificationsReadResponse> Mark(
      Company& company, const std::string& person,
      const v1::MarkNotificationsReadRequest& request) {
    return company.as(person).Call(&Stub::MarkNotificationsRead, company.as(person).notifications(),
                                   request);
  }

  static Suite* suite_;
};

Suite* NotificationsProcess::suite_ = nullptr;

TEST_F(NotificationsProcess, ANewPersonHasAnInboxAtOnce) {
  Company company(*suite_);
  ASSERT_OK(company.CreatePerson("new"));
  const auto inbox = company.Inbox("new");
  ASSERT_OK(inbox);
  EXPECT_EQ(inbox->unread_count(), 0);
}

TEST_F(NotificationsProcess, TellsAndMarksRead) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("goal", "people/ann"));
  Align(company, "ben");
  const auto inbox = Await(company, "ann", 1);
  ASSERT_EQ(inbox.notifications_size(), 1);
  EXPECT_EQ(inbox.unread_count(), 1);
  EXPECT_EQ(inbox.notifications(0).title(), "\"Objective ben\" is aligned to \"Objective goal\"");

  v1::MarkNotificationsReadRequest request;
  request.set_parent(company.Name("people/me"));
  request.add_names(inbox.notifications(0).name());
  request.set_request_id("once");
  for (int i = 0; i < 2; ++i) {
    const auto marked = Mark(company, "ann", request);
    ASSERT_OK(marked);
    EXPECT_EQ(marked->marked_count(), 1);
    EXPECT_EQ(marked->unread_count(), 0);
  }
  request.clear_request_id();
  EXPECT_THAT(Mark(company, "ben", request), HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(NotificationsProcess, ACrashTellsNothingTwiceAndLosesNothing) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("goal", "people/ann"));
  Align(company, "ben");
  ASSERT_OK(suite_->StopService("notifications", SIGKILL));
  Align(company, "cat");
  ASSERT_OK(suite_->StartService("notifications"));
  ASSERT_OK(suite_->AwaitHealth("notifications", true, kPatience));
  Align(company, "dan");
  EXPECT_EQ(Await(company, "ann", 3).notifications_size(), 3);
}

TEST_F(NotificationsProcess, ABlockerOnWhatWasJustMadeIsTold) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("goal", "people/ann"));
  checkins::v1::CreateCheckInRequest request;
  request.set_parent(company.KeyResultOf("goal"));
  request.mutable_check_in()->set_value(1);
  request.mutable_check_in()->add_blockers()->set_text("The supplier is late");
  request.mutable_check_in()->mutable_blockers(0)->set_help_from(company.Name("people/zoe"));
  auto& ann = company.as("ann");
  ASSERT_OK(ann.Call(&checkins::v1::CheckinsService::Stub::CreateCheckIn, ann.checkins(), request));
  const auto inbox = Await(company, "zoe", 1);
  ASSERT_EQ(inbox.notifications_size(), 1);
  EXPECT_EQ(inbox.notifications(0).kind(), v1::NOTIFICATION_KIND_BLOCKER_RAISED);
  EXPECT_EQ(inbox.notifications(0).actor(), company.Name("people/ann"));
  EXPECT_EQ(company.Inbox("ann")->notifications_size(), 0);
}

}  // namespace
}  // namespace okr::notifications
