#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/postgres/transaction.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "common/testing/status_matchers.h"
#include "services/notifications/consumers/company_fixture.h"
#include "services/notifications/transport/list_notifications.h"
#include "services/notifications/transport/mark_notifications_read.h"

namespace okr::notifications {
namespace {

using okr::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kAnn[] = "organizations/acme/people/ann";
constexpr char kMe[] = "organizations/acme/people/me";

auth::Principal Caller(absl::string_view id, auth::Role role = auth::Role::kMember) {
  return {.organization = "acme", .subject = absl::StrCat("sub-", id), .role = role};
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(status).violations) {
    fields.push_back(violation.field);
  }
  return fields;
}

class InboxTest : public CompanyFixture {
 protected:
  // Puts `count` notifications, one after the other, into ann's inbox.
  void Fill(int count) {
    for (int i = 0; i < count; ++i) CheckIns({DueEvent("CheckInDue", KeyResultOf("grow", "hire"))});
  }
  rpc::Call CallOf(const auth::Principal& principal) {
    return {.method = "okr.notifications.v1.NotificationsService/ListNotifications",
            .principal = principal,
            .now = clock_.Now(),
            .deadline = absl::Now() + absl::Seconds(30)};
  }
  absl::StatusOr<v1::ListNotificationsResponse> List(
      const v1::ListNotificationsRequest& request,
      const auth::Principal& principal = Caller("ann")) {
    const Inbox inbox(*pool_);
    const ListDeps deps{.reads = *reads_, .inbox = inbox, .page_tokens = *codec_};
    return ListNotifications(deps, CallOf(principal), request);
  }
  absl::StatusOr<v1::MarkNotificationsReadResponse> Mark(
      const v1::MarkNotificationsReadRequest& request,
      const auth::Principal& principal = Caller("ann")) {
    v1::MarkNotificationsReadResponse response;
    auto transaction = postgres::Transaction::Begin(*connection_, absl::Now() + absl::Seconds(30));
    transaction.SwitchOrganization("acme");
    OKR_RETURN_IF_ERROR(store::Apply(transaction, "acme", clock_.Now(), [&](store::View& view) {
                          response.Clear();
                          return MarkNotificationsRead(CallOf(principal), request, view, response);
                        }).status());
    OKR_RETURN_IF_ERROR(transaction.Commit());
    return response;
  }
  // Of ann's inbox, latest first.
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const auto& notification : InboxOf("ann")) names.push_back(notification.name());
    return names;
  }

  absl::StatusOr<paging::PageTokenCodec> codec_ =
      paging::PageTokenCodec::Create(std::string(32, 'k'));
};

v1::ListNotificationsRequest ListOf(const std::string& parent, int page_size = 0,
                                    const std::string& page_token = "") {
  v1::ListNotificationsRequest request;
  request.set_parent(parent);
  request.set_page_size(page_size);
  request.set_page_token(page_token);
  return request;
}

v1::MarkNotificationsReadRequest MarkOf(const std::string& parent,
                                        const std::vector<std::string>& names) {
  v1::MarkNotificationsReadRequest request;
  request.set_parent(parent);
  for (const std::string& name : names) request.add_names(name);
  return request;
}

v1::MarkNotificationsReadRequest MarkUntil(absl::Time time) {
  v1::MarkNotificationsReadRequest request;
  request.set_parent(kMe);
  *request.mutable_all_before() = ToTimestamp(time);
  return request;
}

using ListNotificationsTest = InboxTest;

TEST_F(ListNotificationsTest, GivesPagesLatestFirstWithoutGapOrRepeat) {
  Fill(5);
  const auto names = Names();
  std::vector<std::string> seen;
  std::string token;
  do {
    const auto page = List(ListOf(kMe, 2, token));
    ASSERT_OK(page);
    EXPECT_LE(page->notifications_size(), 2);
    EXPECT_EQ(page->unread_count(), 5);
    for (const auto& notification : page->notifications()) seen.push_back(notification.name());
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_EQ(seen, names);
}

TEST_F(ListNotificationsTest, KeepsItsPlaceWhenMoreComes) {
  Fill(3);
  const auto names = Names();
  const auto first = List(ListOf(kMe, 2));
  ASSERT_OK(first);
  Fill(2);
  const auto second = List(ListOf(kMe, 2, first->next_page_token()));
  ASSERT_OK(second);
  ASSERT_EQ(second->notifications_size(), 1);
  EXPECT_EQ(second->notifications(0).name(), names[2]);
}

TEST_F(ListNotificationsTest, GivesTheUnreadOnly) {
  Fill(3);
  const auto names = Names();
  ASSERT_OK(Mark(MarkOf(kMe, {names[1]})));
  auto request = ListOf(kAnn, 1);
  request.set_unread_only(true);
  auto page = List(request);
  ASSERT_OK(page);
  EXPECT_EQ(page->notifications(0).name(), names[0]);
  EXPECT_EQ(page->unread_count(), 2);
  request.set_page_token(page->next_page_token());
  page = List(request);
  ASSERT_OK(page);
  EXPECT_EQ(page->notifications(0).name(), names[2]);
  EXPECT_EQ(page->next_page_token(), "");
}

TEST_F(ListNotificationsTest, RefusesTheInboxOfAnotherAlsoToAdministrators) {
  for (const auth::Role role : {auth::Role::kMember, auth::Role::kAdmin}) {
    EXPECT_THAT(List(ListOf(kAnn), Caller("bob", role)).status(), HasReason("PERMISSION_DENIED"));
    // An administrator need not be a person.
    EXPECT_THAT(List(ListOf(kAnn), Caller("root", role)).status(), HasReason("PERMISSION_DENIED"));
  }
}

TEST_F(ListNotificationsTest, RefusesACallerWhoIsNoPerson) {
  EXPECT_THAT(List(ListOf(kMe), Caller("nobody")).status(), HasReason("PERSON_UNKNOWN"));
}

TEST_F(ListNotificationsTest, DoesNotFindThePersonWhoHasNotArrived) {
  EXPECT_THAT(List(ListOf("organizations/acme/people/new"), Caller("new")).status(),
              HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(ListNotificationsTest, RefusesAnotherOrganization) {
  EXPECT_THAT(List(ListOf("organizations/other/people/me")).status(),
              HasReason("WRONG_ORGANIZATION"));
}

TEST_F(ListNotificationsTest, NamesAllWrongFields) {
  EXPECT_THAT(FieldsOf(List(ListOf("people/ann", -1, "forged")).status()),
              ElementsAre("parent", "page_size", "page_token"));
}

TEST_F(ListNotificationsTest, RefusesATokenOfAnotherList) {
  Fill(2);
  const auto page = List(ListOf(kMe, 1));
  ASSERT_OK(page);
  auto request = ListOf(kMe, 1, page->next_page_token());
  request.set_unread_only(true);
  EXPECT_THAT(FieldsOf(List(request).status()), ElementsAre("page_token"));
}

using MarkNotificationsReadTest = InboxTest;

TEST_F(MarkNotificationsReadTest, MarksByNameOnce) {
  Fill(3);
  const auto names = Names();
  auto marked = Mark(MarkOf(kMe, {names[0], names[2], names[0]}));
  ASSERT_OK(marked);
  EXPECT_EQ(marked->marked_count(), 2);
  EXPECT_EQ(marked->unread_count(), 1);
  EXPECT_EQ(UnreadOf("ann"), 1);
  const auto first = InboxOf("ann")[0];
  clock_.Advance(absl::Hours(1));
  marked = Mark(MarkOf(kAnn, {names[0]}));
  ASSERT_OK(marked);
  EXPECT_EQ(marked->marked_count(), 0);
  EXPECT_EQ(InboxOf("ann")[0].read_time().seconds(), first.read_time().seconds());
}

TEST_F(MarkNotificationsReadTest, MarksAllThatCameUntilThen) {
  Fill(3);
  const auto inbox = InboxOf("ann");
  const auto marked = Mark(MarkUntil(FromTimestamp(inbox[1].create_time())));
  ASSERT_OK(marked);
  EXPECT_EQ(marked->marked_count(), 2);
  EXPECT_EQ(marked->unread_count(), 1);
  EXPECT_FALSE(InboxOf("ann")[0].has_read_time());
}

TEST_F(MarkNotificationsReadTest, MarksTenThousandInACallTheOldestFirst) {
  Fill(1);
  const std::string oldest = Names().front();
  std::vector<Event> events;
  for (int i = 0; i < 10'000; ++i) {
    events.push_back(DueEvent("CheckInDue", KeyResultOf("grow", "hire")));
  }
  CheckIns(std::move(events));
  for (const int expected : {10'000, 1, 0}) {
    const auto marked = Mark(MarkUntil(absl::InfiniteFuture()));
    ASSERT_OK(marked);
    EXPECT_EQ(marked->marked_count(), expected);
    auto request = ListOf(kMe, 1);
    request.set_unread_only(true);
    const auto left = List(request);
    ASSERT_OK(left);
    for (const auto& notification : left->notifications()) EXPECT_NE(notification.name(), oldest);
  }
}

TEST_F(MarkNotificationsReadTest, FindsOnlyWhatIsInTheInbox) {
  Fill(1);
  const auto names = Names();
  const std::string none = absl::StrCat(kAnn, "/notifications/none");
  EXPECT_THAT(Mark(MarkOf(kMe, {names[0], none})).status(), HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_EQ(UnreadOf("ann"), 1);
  EXPECT_THAT(Mark(MarkOf(kMe, names), Caller("bob")).status(), HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(MarkNotificationsReadTest, RefusesTheInboxOfAnother) {
  Fill(1);
  EXPECT_THAT(Mark(MarkOf(kAnn, Names()), Caller("bob", auth::Role::kAdmin)).status(),
              HasReason("PERMISSION_DENIED"));
}

TEST_F(MarkNotificationsReadTest, NamesAllWrongFields) {
  auto request = MarkOf(kAnn, {"x", "organizations/acme/people/bob/notifications/n"});
  request.mutable_all_before()->set_nanos(-1);
  EXPECT_THAT(FieldsOf(Mark(request).status()),
              ElementsAre("names", "names[0]", "names[1]", "all_before"));
  EXPECT_THAT(FieldsOf(Mark(MarkOf(kAnn, {})).status()), ElementsAre("names"));
  EXPECT_THAT(FieldsOf(Mark(MarkOf(kAnn, std::vector<std::string>(1001, "x"))).status()),
              ElementsAre("names"));
}

}  // namespace
}  // namespace okr::notifications
