// Who is told what, once; and the inbox in which it lies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "common/status/error.h"
#include "tests/support/company.h"
#include "tests/support/refusals.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::notifications::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr absl::Duration kDay = absl::Hours(24);

std::vector<v1::Notification> OfKind(const v1::ListNotificationsResponse& inbox,
                                     v1::NotificationKind kind) {
  std::vector<v1::Notification> found;
  for (const v1::Notification& one : inbox.notifications()) {
    if (one.kind() == kind) found.push_back(one);
  }
  return found;
}

class Notifications : public ::testing::Test {
 protected:
  // Waits until so many of this kind are in the inbox; all of this kind.
  std::vector<v1::Notification> Await(const std::string& person, v1::NotificationKind kind,
                                      size_t count = 1) {
    return OfKind(
        Eventually([&] { return company_.Inbox(person); },
                   [&](const auto& inbox) { return OfKind(inbox, kind).size() >= count; }),
        kind);
  }
  std::vector<v1::Notification> Now(const std::string& person, v1::NotificationKind kind) {
    const auto inbox = company_.Inbox(person);
    EXPECT_OK(inbox);
    return inbox.ok() ? OfKind(*inbox, kind) : std::vector<v1::Notification>();
  }
  // Without a value, so that no status changes.
  absl::Status Block(const std::string& person, const std::string& objective,
                     absl::string_view help_from = "") {
    std::string blocker = "text: 'The supplier is late'";
    if (!help_from.empty()) absl::StrAppend(&blocker, " help_from: '$O/", help_from, "'");
    return company_.CheckInWith(person, objective, absl::StrCat("blockers { ", blocker, " }"))
        .status();
  }

  Company company_;
};

TEST_F(Notifications, OfABlockerReachTheOwnersAndWhoIsAskedForHelp) {
  company_.MakeObjective("o");
  ASSERT_OK(Block("ben", "o", "people/zoe"));
  const auto leads = Await("ann", v1::NOTIFICATION_KIND_BLOCKER_RAISED);
  ASSERT_THAT(leads, SizeIs(1));
  EXPECT_THAT(leads[0].name(), StartsWith(company_.Name("people/ann/notifications/")));
  EXPECT_THAT(leads[0].subject(), StartsWith(company_.KeyResultOf("o") + "/checkIns/"));
  EXPECT_EQ(leads[0].actor(), company_.Name("people/ben"));
  EXPECT_EQ(leads[0].title(), "Blocked: \"Key result kr\"");
  EXPECT_NE(leads[0].body(), "");
  EXPECT_NEAR(leads[0].event_time().seconds(), absl::ToUnixSeconds(absl::Now()), 60);
  EXPECT_GE(leads[0].create_time().seconds(), leads[0].event_time().seconds());
  EXPECT_FALSE(leads[0].has_read_time());
  const auto helpers = Await("zoe", v1::NOTIFICATION_KIND_BLOCKER_RAISED);
  ASSERT_THAT(helpers, SizeIs(1));
  EXPECT_THAT(helpers[0].title(), StartsWith("Your help is asked for"));
  // The next one shows that the first was told once, and who was not told at all.
  ASSERT_OK(Block("ann", "o", "people/ben"));
  EXPECT_THAT(Await("ben", v1::NOTIFICATION_KIND_BLOCKER_RAISED), SizeIs(1));
  EXPECT_THAT(Now("ann", v1::NOTIFICATION_KIND_BLOCKER_RAISED), SizeIs(1));  // Not of her own.
  EXPECT_THAT(Now("zoe", v1::NOTIFICATION_KIND_BLOCKER_RAISED), SizeIs(1));
  EXPECT_THAT(Now("cat", v1::NOTIFICATION_KIND_BLOCKER_RAISED), IsEmpty());
}

TEST_F(Notifications, OfABlockerReachTheLeadsOfATeamThatIsAsked) {
  ASSERT_OK(company_.CreateTeam("legal", {"zoe", "vic"}));
  company_.MakeObjective("o", "owner: '$O/people/ben'");
  ASSERT_OK(Block("ben", "o", "teams/legal"));
  EXPECT_THAT(Await("zoe", v1::NOTIFICATION_KIND_BLOCKER_RAISED), SizeIs(1));
  EXPECT_THAT(Now("vic", v1::NOTIFICATION_KIND_BLOCKER_RAISED), IsEmpty());
}

TEST_F(Notifications, OfAStatusReachTheOwner) {
  company_.MakeObjective("o", "owner: '$O/people/ben'");
  ASSERT_OK(company_.CheckInWith("admin", "o", "value: 100"));
  const auto told = Await("ben", v1::NOTIFICATION_KIND_STATUS_CHANGED, 2);
  ASSERT_THAT(told, SizeIs(2));
  std::vector<std::string> subjects = {told[0].subject(), told[1].subject()};
  std::sort(subjects.begin(), subjects.end());
  EXPECT_THAT(subjects, ElementsAre(company_.Name("objectives/o"), company_.KeyResultOf("o")));
  EXPECT_THAT(Now("zoe", v1::NOTIFICATION_KIND_STATUS_CHANGED), IsEmpty());
}

TEST_F(Notifications, OfAnAlignmentReachTheOwnerOfTheParent) {
  company_.MakeObjective("parent", "owner: '$O/people/zoe'");
  company_.MakeObjective("child", "owner: '$O/people/ben'");
  ASSERT_OK(company_.Align("child", "parent", 1));
  const auto told = Await("zoe", v1::NOTIFICATION_KIND_OBJECTIVE_ALIGNED);
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].subject(), company_.Name("objectives/child"));
  EXPECT_EQ(told[0].actor(), company_.Name("people/admin"));
  // Somebody who aligns to an objective of their own knows it.
  company_.MakeObjective("own", "owner: '$O/people/zoe'");
  ASSERT_OK(company_.Call<goals::v1::AlignObjectiveRequest>(
      "zoe", "name: '$O/objectives/own' alignment { parent: '$O/objectives/parent' }"));
  company_.MakeObjective("last", "alignments { parent: '$O/objectives/parent' }");
  const auto all = Await("zoe", v1::NOTIFICATION_KIND_OBJECTIVE_ALIGNED, 2);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].subject(), company_.Name("objectives/last"));
  EXPECT_THAT(Now("ben", v1::NOTIFICATION_KIND_OBJECTIVE_ALIGNED), IsEmpty());
}

TEST_F(Notifications, OfGradingReachEachOwnerOnce) {
  company_.MakeObjective("o", "", {{"a"}, {"b"}});
  company_.MakeObjective("hers", "owner: '$O/people/zoe'");
  company_.DraftObjective("draft", "owner: '$O/people/cat'");
  ASSERT_OK(company_.OpenCycleGrading("now"));
  for (const char* person : {"ann", "zoe"}) {
    const auto told = Await(person, v1::NOTIFICATION_KIND_GRADING_OPENED);
    ASSERT_THAT(told, SizeIs(1)) << person;
    EXPECT_EQ(told[0].subject(), company_.Name("cycles/now"));
  }
  for (const char* person : {"ben", "cat", "admin"}) {
    EXPECT_THAT(Now(person, v1::NOTIFICATION_KIND_GRADING_OPENED), IsEmpty()) << person;
  }
}

TEST_F(Notifications, OfCheckInsThatAreDueAndOverdueReachTheOwner) {
  ASSERT_OK(company_.CreateCycle("patient",
                                 "check_in_schedule { grace { seconds: 2592000 } }"));  // 30 days.
  ASSERT_OK(company_.ActivateCycle("patient"));
  company_.MakeObjective("due", "owner: '$O/people/zoe' cycle: '$O/cycles/patient'");
  company_.MakeObjective("overdue", "owner: '$O/people/ben'");
  const std::string long_ago = absl::StrCat("value: 1 ", Ago(30 * kDay));
  ASSERT_OK(company_.CheckInWith("zoe", "due", long_ago));
  ASSERT_OK(company_.CheckInWith("ben", "overdue", long_ago));
  const auto due = Await("zoe", v1::NOTIFICATION_KIND_CHECK_IN_DUE);
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].subject(), company_.KeyResultOf("due"));
  EXPECT_EQ(due[0].actor(), "");  // Time did it.
  const auto overdue = Await("ben", v1::NOTIFICATION_KIND_CHECK_IN_OVERDUE);
  ASSERT_THAT(overdue, SizeIs(1));
  EXPECT_EQ(overdue[0].subject(), company_.KeyResultOf("overdue"));
  EXPECT_THAT(Now("zoe", v1::NOTIFICATION_KIND_CHECK_IN_OVERDUE), IsEmpty());
  EXPECT_THAT(Now("ben", v1::NOTIFICATION_KIND_CHECK_IN_DUE), IsEmpty());
}

TEST_F(Notifications, TellNothingOfWhatMayNotBeSeen) {
  company_.MakeObjective("secret", "owner: '$O/people/ben' visibility: VISIBILITY_PRIVATE");
  company_.MakeObjective("parent", "owner: '$O/people/zoe'");
  ASSERT_OK(company_.Align("secret", "parent", 1));
  ASSERT_OK(Block("ben", "secret", "people/zoe"));
  company_.MakeObjective("open", "alignments { parent: '$O/objectives/parent' }");
  ASSERT_OK(Block("ann", "open", "people/zoe"));
  EXPECT_THAT(Await("zoe", v1::NOTIFICATION_KIND_OBJECTIVE_ALIGNED), SizeIs(1));
  EXPECT_THAT(Await("zoe", v1::NOTIFICATION_KIND_BLOCKER_RAISED), SizeIs(1));
  const auto inbox = company_.Inbox("zoe");
  ASSERT_OK(inbox);
  EXPECT_EQ(inbox->DebugString().find("secret"), std::string::npos);
}

TEST_F(Notifications, DoNotReachWhoHasLeft) {
  company_.MakeObjective("o", "owner: '$O/people/ben'");
  ASSERT_OK(company_.Call<directory::v1::UpdatePersonRequest>(
      "admin", "person { name: '$O/people/zoe' state: PERSON_STATE_DEACTIVATED }"));
  ASSERT_OK(Block("ben", "o", "people/zoe"));
  ASSERT_OK(Block("admin", "o"));
  EXPECT_THAT(Await("ben", v1::NOTIFICATION_KIND_BLOCKER_RAISED), SizeIs(1));
  ASSERT_OK(company_.Call<directory::v1::UpdatePersonRequest>(
      "admin", "person { name: '$O/people/zoe' state: PERSON_STATE_ACTIVE }"));
  EXPECT_THAT(Now("zoe", v1::NOTIFICATION_KIND_BLOCKER_RAISED), IsEmpty());
}

// ann's inbox with five blockers in it.
class Inbox : public Notifications {
 protected:
  void SetUp() override {
    company_.MakeObjective("o");
    for (int i = 0; i < 5; ++i) ASSERT_OK(Block("ben", "o"));
    Await("ann", v1::NOTIFICATION_KIND_BLOCKER_RAISED, 5);
  }

  absl::StatusOr<v1::ListNotificationsResponse> List(absl::string_view text,
                                                     const std::string& person = "ann") {
    return company_.Call<v1::ListNotificationsRequest>(person, text);
  }
  absl::StatusOr<v1::MarkNotificationsReadResponse> Mark(absl::string_view text,
                                                         const std::string& person = "ann") {
    return company_.Call<v1::MarkNotificationsReadRequest>(person, text);
  }
  // Names of the blockers, latest first.
  std::vector<std::string> Blockers() {
    std::vector<std::string> names;
    for (const v1::Notification& one : Now("ann", v1::NOTIFICATION_KIND_BLOCKER_RAISED)) {
      names.push_back(one.name());
    }
    return names;
  }
};

TEST_F(Inbox, ListsTheLatestFirst) {
  const auto inbox = List("parent: '$O/people/me'");
  ASSERT_OK(inbox);
  for (int i = 1; i < inbox->notifications_size(); ++i) {
    const auto& newer = inbox->notifications(i - 1).create_time();
    const auto& older = inbox->notifications(i).create_time();
    EXPECT_GE(std::pair(newer.seconds(), newer.nanos()), std::pair(older.seconds(), older.nanos()));
  }
  EXPECT_EQ(inbox->unread_count(), inbox->notifications_size());
  const auto by_name = List("parent: '$O/people/ann'");
  ASSERT_OK(by_name);
  EXPECT_EQ(by_name->notifications(0).name(), inbox->notifications(0).name());
}

TEST_F(Inbox, ListsPageAfterPage) {
  auto request =
      company_.Parse<v1::ListNotificationsRequest>("parent: '$O/people/me' page_size: 2");
  std::vector<std::string> blockers;
  int pages = 0;
  do {
    const auto page = Send(company_.as("ann"), request);
    ASSERT_OK(page);
    EXPECT_LE(page->notifications_size(), 2);
    for (const v1::Notification& one : OfKind(*page, v1::NOTIFICATION_KIND_BLOCKER_RAISED)) {
      blockers.push_back(one.name());
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty() && ++pages < 10);
  EXPECT_EQ(blockers, Blockers());
}

TEST_F(Inbox, RefusesWrongPages) {
  const auto page = List("parent: '$O/people/me' page_size: 1");
  ASSERT_OK(page);
  EXPECT_THAT(WrongFields(List("parent: 'wrong' page_size: -1 page_token: 'forged'")),
              ElementsAre("page_size", "page_token", "parent"));
  EXPECT_THAT(
      WrongFields(List(absl::StrCat("parent: '$O/people/me' unread_only: true page_token: '",
                                    page->next_page_token(), "'"))),
      ElementsAre("page_token"));
  // Nor does it open another inbox.
  EXPECT_THAT(WrongFields(List(absl::StrCat("parent: '$O/people/me' page_token: '",
                                            page->next_page_token(), "'"),
                               "ben")),
              ElementsAre("page_token"));
}

TEST_F(Inbox, IsForItsPersonOnly) {
  for (const char* person : {"ben", "admin", "vic"}) {
    EXPECT_THAT(List("parent: '$O/people/ann'", person), IsRefused("PERMISSION_DENIED")) << person;
    EXPECT_THAT(Mark("parent: '$O/people/ann' all_before { seconds: 9999999999 }", person),
                IsRefused("PERMISSION_DENIED"))
        << person;
  }
  // A viewer has an inbox too.
  EXPECT_OK(List("parent: '$O/people/me'", "vic"));
  EXPECT_THAT(List("parent: '$O/people/me'", "nobody"), IsRefused("PERSON_UNKNOWN"));
  Company other;
  EXPECT_THAT(Send(other.as("ann"),
                   company_.Parse<v1::ListNotificationsRequest>("parent: '$O/people/ann'")),
              IsRefused("WRONG_ORGANIZATION"));
  EXPECT_THAT(Send(other.as("ann"), company_.Parse<v1::MarkNotificationsReadRequest>(
                                        "parent: '$O/people/ann' all_before { seconds: 1 }")),
              IsRefused("WRONG_ORGANIZATION"));
  EXPECT_THAT(Blockers(), SizeIs(5));
}

TEST_F(Inbox, MarksByName) {
  const std::vector<std::string> names = Blockers();
  const std::string request =
      absl::StrCat("parent: '$O/people/me' names: '", names[0], "' names: '", names[3], "'");
  const auto before = List("parent: '$O/people/me'");
  ASSERT_OK(before);
  const auto marked = Mark(request);
  ASSERT_OK(marked);
  EXPECT_EQ(marked->marked_count(), 2);
  EXPECT_EQ(marked->unread_count(), before->unread_count() - 2);
  const auto again = Mark(request);
  ASSERT_OK(again);
  EXPECT_EQ(again->marked_count(), 0);
  const auto unread = List("parent: '$O/people/me' unread_only: true");
  ASSERT_OK(unread);
  EXPECT_EQ(unread->notifications_size(), before->unread_count() - 2);
  for (const v1::Notification& one : unread->notifications()) EXPECT_FALSE(one.has_read_time());
  const auto all = List("parent: '$O/people/me'");
  ASSERT_OK(all);
  EXPECT_EQ(std::count_if(all->notifications().begin(), all->notifications().end(),
                          [](const auto& one) { return one.has_read_time(); }),
            2);
}

TEST_F(Inbox, MarksAllUntilATime) {
  const auto nothing = Mark("parent: '$O/people/ann' all_before { seconds: 1 }");
  ASSERT_OK(nothing);
  EXPECT_EQ(nothing->marked_count(), 0);
  const auto all = Mark("parent: '$O/people/ann' all_before { seconds: 9999999999 }");
  ASSERT_OK(all);
  EXPECT_EQ(all->marked_count(), 5);
  EXPECT_EQ(all->unread_count(), 0);
}

TEST_F(Inbox, RepeatsTheAnswerOfARepeatedRequestId) {
  const std::vector<std::string> names = Blockers();
  const std::string request =
      absl::StrCat("parent: '$O/people/me' request_id: 'same' names: '", names[0], "'");
  const auto first = Mark(request);
  ASSERT_OK(first);
  const auto again = Mark(request);
  ASSERT_OK(again);
  EXPECT_EQ(again->DebugString(), first->DebugString());
  EXPECT_THAT(
      Mark(absl::StrCat("parent: '$O/people/me' request_id: 'same' names: '", names[1], "'")),
      IsRefused("REQUEST_ID_REUSED"));
}

TEST_F(Inbox, OneThatIsNotThereFailsTheCall) {
  const std::vector<std::string> names = Blockers();
  const std::string missing =
      company_.Name("people/ann/notifications/01890000-0000-7000-8000-000000000000");
  const auto refused =
      Mark(absl::StrCat("parent: '$O/people/me' names: '", names[0], "' names: '", missing, "'"));
  EXPECT_THAT(refused, IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_EQ(DetailsOf(refused.status()).metadata.at("name"), missing);
  const auto inbox = List("parent: '$O/people/me'");
  ASSERT_OK(inbox);
  EXPECT_EQ(inbox->unread_count(), inbox->notifications_size());
  // Another's is as if it were not there.
  ASSERT_OK(company_.CheckInWith("ben", "o", "blockers { text: 'b' help_from: '$O/people/zoe' }"));
  const auto others = Await("zoe", v1::NOTIFICATION_KIND_BLOCKER_RAISED);
  ASSERT_THAT(others, SizeIs(1));
  EXPECT_THAT(Mark(absl::StrCat("parent: '$O/people/me' names: '", others[0].name(), "'")),
              IsRefused("RESOURCE_NOT_FOUND"));
}

TEST_F(Inbox, RefusesAllWrongFieldsAtOnce) {
  EXPECT_THAT(WrongFields(Mark("parent: '$O/people/me'")), ElementsAre("names"));
  EXPECT_THAT(WrongFields(Mark("parent: 'wrong' names: 'wrong' all_before { seconds: 1 }")),
              ElementsAre("names", "parent"));
  EXPECT_THAT(WrongFields(Mark("parent: '$O/people/me' names: 'wrong'")), ElementsAre("names[0]"));
  EXPECT_THAT(WrongFields(Mark("parent: '$O/people/me' all_before { seconds: 1 nanos: -1 }")),
              ElementsAre("all_before"));
  v1::MarkNotificationsReadRequest request;
  request.set_parent(company_.Name("people/me"));
  for (int i = 0; i < 1001; ++i) {
    request.add_names(company_.Name("people/ann/notifications/n"));
  }
  EXPECT_THAT(WrongFields(Send(company_.as("ann"), request)), ElementsAre("names"));
}

}  // namespace
}  // namespace okr::testing
