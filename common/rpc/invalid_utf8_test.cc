#include "common/rpc/invalid_utf8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "okr/checkins/v1/checkins_service.pb.h"
#include "okr/notifications/v1/notifications_service.pb.h"

namespace okr::rpc {
namespace {

using okr::checkins::v1::BatchCreateCheckInsRequest;
using okr::notifications::v1::MarkNotificationsReadRequest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Each "$" becomes a byte that is no UTF-8.
template <typename Message>
std::vector<std::string> Find(const Message& message) {
  const std::string wire = absl::StrReplaceAll(message.SerializeAsString(), {{"$", "\xff"}});
  return FindInvalidUtf8(wire, *Message::descriptor());
}

TEST(FindInvalidUtf8, FindsNothingInGoodMessages) {
  MarkNotificationsReadRequest request;
  request.set_parent("organizations/acme/people/\u00e9");
  request.mutable_all_before()->set_seconds(1);
  EXPECT_THAT(Find(request), IsEmpty());
}

TEST(FindInvalidUtf8, NamesEveryField) {
  MarkNotificationsReadRequest request;
  request.set_parent("a$");
  request.add_names("fine");
  request.add_names("b$");
  request.set_request_id("$");
  EXPECT_THAT(Find(request), ElementsAre("parent", "names[1]", "request_id"));
}

TEST(FindInvalidUtf8, NamesFieldsOfMessagesInLists) {
  BatchCreateCheckInsRequest request;
  request.add_requests()->mutable_check_in()->set_note("fine");
  request.add_requests()->mutable_check_in()->set_note("not $");
  EXPECT_THAT(Find(request), ElementsAre("requests[1].check_in.note"));
}

TEST(FindInvalidUtf8, StopsAtGarbage) {
  const std::string wire("\x0a\x7f", 2);  // Field 1 with more bytes than there are.
  EXPECT_THAT(FindInvalidUtf8(wire, *MarkNotificationsReadRequest::descriptor()), IsEmpty());
}

TEST(FindInvalidUtf8, NamesAtMostAHundred) {
  MarkNotificationsReadRequest request;
  for (int i = 0; i < 500; ++i) request.add_names("$");
  EXPECT_EQ(Find(request).size(), 100u);
}

}  // namespace
}  // namespace okr::rpc
