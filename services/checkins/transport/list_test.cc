#include "common/resources/messages.h"
#include "services/checkins/consumers/due_timer.h"
#include "services/checkins/test_support.h"

namespace okr::checkins {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ListTest : public CheckinsTest {
 protected:
  void CheckInAt(const std::string& key_result, const std::string& id, absl::Time effective) {
    v1::CheckIn check_in;
    check_in.set_note(id);
    *check_in.mutable_effective_time() = ToTimestamp(effective);
    v1::CreateCheckInRequest request = Request(key_result, check_in);
    request.set_check_in_id(id);
    ASSERT_OK(Submit(key_result == "launch" ? "bob" : "ann", request));
    clock_.Advance(absl::Seconds(1));
  }
  std::vector<std::string> NotesOf(const std::string& key_result, int page_size) {
    std::vector<std::string> notes;
    v1::ListCheckInsRequest request;
    request.set_parent("organizations/acme/objectives/grow/keyResults/" + key_result);
    request.set_page_size(page_size);
    do {
      const auto page = ListCheckIns(deps(), CallOf("cleo"), request);
      EXPECT_OK(page);
      if (!page.ok()) return notes;
      EXPECT_LE(page->check_ins_size(), page_size);
      for (const v1::CheckIn& check_in : page->check_ins()) notes.push_back(check_in.note());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return notes;
  }
  void Tick() {
    DueTimer timer({}, clock_, *lists_, *writer_);
    EXPECT_OK(timer.Turn());
  }
  absl::StatusOr<v1::ListDueCheckInsResponse> Due(const std::string& subject,
                                                  v1::ListDueCheckInsRequest request = {}) {
    request.set_parent("organizations/acme");
    rpc::Call call = CallOf(subject);
    call.now = clock_.Now();
    return ListDueCheckIns(deps(), call, request);
  }
  std::vector<std::string> DueTitles(const std::string& subject,
                                     const v1::ListDueCheckInsRequest& request = {}) {
    const auto due = Due(subject, request);
    EXPECT_OK(due);
    std::vector<std::string> titles;
    if (!due.ok()) return titles;
    for (const v1::DueCheckIn& one : due->due_check_ins()) titles.push_back(one.title());
    return titles;
  }
};

TEST_F(ListTest, CheckInsComeLatestFirstPageByPage) {
  clock_.Set(At(20));
  CheckInAt("revenue", "second", At(5));
  CheckInAt("revenue", "first", At(3));
  CheckInAt("launch", "third", At(6));
  CheckInAt("revenue", "same-time", At(5));
  for (const int page_size : {1, 2, 10}) {
    EXPECT_THAT(NotesOf("revenue", page_size), ElementsAre("same-time", "second", "first"));
    EXPECT_THAT(NotesOf("-", page_size), ElementsAre("third", "same-time", "second", "first"));
  }
}

TEST_F(ListTest, WrongRequestsAreRefused) {
  v1::ListCheckInsRequest request;
  request.set_parent("organizations/acme/objectives/-/keyResults/-");
  request.set_page_size(-1);
  request.set_page_token("forged");
  const absl::Status status = ListCheckIns(deps(), CallOf("ann"), request).status();
  std::vector<std::string> fields;
  for (const auto& violation : DetailsOf(status).violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("parent", "page_size", "page_token"));
  request = {};
  request.set_parent("organizations/acme/objectives/none/keyResults/-");
  EXPECT_EQ(ReasonOf(ListCheckIns(deps(), CallOf("ann"), request).status()), "RESOURCE_NOT_FOUND");
}

TEST_F(ListTest, WhatIsDueComesLongestDueFirst) {
  Tick();
  CheckInAt("launch", "early", At(2, 8));
  clock_.Set(At(12, 1));
  Tick();
  const auto due = Due("cleo");
  ASSERT_OK(due);
  ASSERT_EQ(due->due_check_ins_size(), 2);
  EXPECT_EQ(due->due_check_ins(0).title(), "revenue");
  EXPECT_EQ(due->due_check_ins(0).owner(), "organizations/acme/people/ann");
  EXPECT_EQ(FromTimestamp(due->due_check_ins(0).due_time()), At(5));
  EXPECT_TRUE(due->due_check_ins(0).overdue());
  EXPECT_FALSE(due->due_check_ins(0).has_last_check_in());
  EXPECT_EQ(due->due_check_ins(1).title(), "launch");
  EXPECT_FALSE(due->due_check_ins(1).overdue());
  EXPECT_EQ(due->due_check_ins(1).last_check_in().note(), "early");
}

TEST_F(ListTest, WhatIsDueOfOnesOwnIncludesTheTeams) {
  Tick();
  clock_.Set(At(6));
  v1::ListDueCheckInsRequest request;
  request.set_owner("organizations/acme/people/me");
  EXPECT_THAT(DueTitles("ann", request), ElementsAre("revenue"));
  EXPECT_THAT(DueTitles("bob", request), ElementsAre("launch"));
  request.set_owner("organizations/acme/people/bob");
  EXPECT_THAT(DueTitles("ann", request), IsEmpty());
  request.set_owner("organizations/acme/teams/sales");
  EXPECT_THAT(DueTitles("ann", request), ElementsAre("launch"));
  request.set_owner("organizations/acme/teams/none");
  EXPECT_EQ(ReasonOf(Due("ann", request).status()), "RESOURCE_NOT_FOUND");
}

TEST_F(ListTest, WhatBecomesDueCanBeSeenAhead) {
  Tick();
  EXPECT_THAT(DueTitles("ann"), IsEmpty());
  v1::ListDueCheckInsRequest request;
  *request.mutable_due_before() = ToTimestamp(At(5));
  EXPECT_THAT(DueTitles("ann", request), ElementsAre("launch", "revenue"));
  *request.mutable_due_before() = ToTimestamp(clock_.Now() + absl::Hours(32 * 24));
  EXPECT_EQ(ReasonOf(Due("ann", request).status()), "INVALID_FIELDS");
}

TEST_F(ListTest, DuePagesSkipWhatTheCallerMayNotSee) {
  Objective secret = grow_;
  secret.name = ObjectiveName(acme_.name, "a-secret");
  secret.visibility = Visibility::kPrivate;
  Publish(secret);
  KeyResult hidden = revenue_;
  hidden.name = KeyResultName(secret.name, "hidden");
  hidden.title = "hidden";
  Publish(hidden);
  Tick();
  clock_.Set(At(6));
  v1::ListDueCheckInsRequest request;
  request.set_page_size(1);
  EXPECT_THAT(DueTitles("ann", request), ElementsAre("hidden"));
  const auto first = Due("bob", request);
  ASSERT_OK(first);
  EXPECT_EQ(first->due_check_ins(0).title(), "launch");
  request.set_page_token(first->next_page_token());
  EXPECT_THAT(DueTitles("bob", request), ElementsAre("revenue"));
}

}  // namespace
}  // namespace okr::checkins
