#include "services/checkins/test_support.h"

namespace okr::checkins {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kRevenue[] = "objectives/grow/keyResults/revenue";

class CreateCheckInTest : public CheckinsTest {
 protected:
  static v1::CreateCheckInRequest WithId(const std::string& id) {
    v1::CreateCheckInRequest request = Request();
    request.set_check_in_id(id);
    return request;
  }
  static v1::CreateCheckInRequest CorrectionOf(const std::string& id, const std::string& own_id) {
    v1::CreateCheckInRequest request = WithId(own_id);
    request.mutable_check_in()->set_value(2);
    request.mutable_check_in()->set_corrects(
        "organizations/acme/objectives/grow/keyResults/revenue/checkIns/" + id);
    request.mutable_check_in()->set_correction_reason("typo");
    return request;
  }
};

TEST_F(CreateCheckInTest, IsAnsweredStoredAndTold) {
  const auto made = Submit("ann", WithId("first"));
  ASSERT_OK(made);
  EXPECT_EQ(made->name(), std::string("organizations/acme/") + kRevenue + "/checkIns/first");
  EXPECT_EQ(made->author(), "organizations/acme/people/ann");
  EXPECT_EQ(made->cycle(), "organizations/acme/cycles/june");
  EXPECT_EQ(made->value(), 1);
  EXPECT_THAT(Events(), ElementsAre(std::string("CheckInCreated ") + kRevenue + "/checkIns/first"));
  EXPECT_THAT(Query("SELECT actor FROM okr_checkins.event_log"),
              ElementsAre("organizations/acme/people/ann"));

  v1::GetCheckInRequest get;
  get.set_name(made->name());
  const auto got = GetCheckIn(deps(), CallOf("bob"), get);
  ASSERT_OK(got);
  EXPECT_EQ(got->SerializeAsString(), made->SerializeAsString());
}

TEST_F(CreateCheckInTest, TheEventTellsTheNextDueTime) {
  ASSERT_OK(Submit("ann", Request()));
  EXPECT_THAT(Query("SELECT to_timestamp(due_time / 1000000) AT TIME ZONE 'UTC' FROM "
                    "okr_checkins.due_states WHERE name = 'objectives/grow/keyResults/revenue'"),
              ElementsAre("2100-06-12 00:00:00"));
}

TEST_F(CreateCheckInTest, ARepeatedRequestGetsTheFirstAnswer) {
  v1::CreateCheckInRequest request = Request();
  request.set_request_id("once");
  const auto first = Submit("ann", request);
  ASSERT_OK(first);
  clock_.Advance(absl::Minutes(5));
  const auto again = Submit("ann", request);
  ASSERT_OK(again);
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(Events().size(), 1);

  request.mutable_check_in()->set_value(7);
  EXPECT_EQ(ReasonOf(Submit("ann", request).status()), "REQUEST_ID_REUSED");
}

TEST_F(CreateCheckInTest, ValidateOnlyChangesNothing) {
  v1::CreateCheckInRequest request = Request();
  request.set_validate_only(true);
  EXPECT_OK(Submit("ann", request));
  EXPECT_THAT(Events(), IsEmpty());
  EXPECT_THAT(Query("SELECT name FROM okr_checkins.check_ins"), IsEmpty());
}

TEST_F(CreateCheckInTest, EachOfABatchIsAcceptedOrRefusedAlone) {
  v1::CreateCheckInRequest unreadable = Request();
  unreadable.set_parent("acme");
  const auto results =
      SubmitAll("ann", {WithId("one"), Request("none"), unreadable, WithId("one"), WithId("two")});
  EXPECT_OK(results[0].status);
  EXPECT_EQ(ReasonOf(results[1].status), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(results[2].status), "INVALID_FIELDS");
  EXPECT_EQ(ReasonOf(results[3].status), "RESOURCE_ALREADY_EXISTS");
  EXPECT_OK(results[4].status);
  EXPECT_EQ(Events().size(), 2);
}

TEST_F(CreateCheckInTest, IsForOwnersMembersOfOwningTeamsAndAdministrators) {
  v1::CheckIn done;
  done.mutable_milestones_done()->add_ids("a");
  EXPECT_OK(Submit("ann", Request()));
  EXPECT_OK(Submit("bob", Request("launch", done)));
  const absl::Status refused = Submit("bob", Request()).status();
  EXPECT_EQ(ReasonOf(refused), "PERMISSION_DENIED");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("organizations/acme/people/ann"));
  EXPECT_EQ(ReasonOf(Submit("ann", Request("launch", done)).status()), "PERMISSION_DENIED");
  EXPECT_EQ(ReasonOf(Submit("nobody", Request()).status()), "PERSON_UNKNOWN");
}

TEST_F(CreateCheckInTest, WhatIsNotActiveTakesNone) {
  KeyResult retired = revenue_;
  retired.state = KeyResultState::kRetired;
  Publish(retired);
  EXPECT_EQ(ReasonOf(Submit("ann", Request()).status()), "KEY_RESULT_STATE");
  Objective draft = grow_;
  draft.state = ObjectiveState::kDraft;
  Publish(draft);
  EXPECT_EQ(ReasonOf(Submit("ann", Request()).status()), "OBJECTIVE_STATE");
  Objective deleted = grow_;
  deleted.times.delete_time = At(2);
  Publish(deleted);
  EXPECT_EQ(ReasonOf(Submit("ann", Request()).status()), "RESOURCE_NOT_FOUND");
}

TEST_F(CreateCheckInTest, AllWrongFieldsAreNamedAtOnce) {
  v1::CheckIn wrong;
  wrong.mutable_milestones_done();
  wrong.set_confidence(7);
  wrong.add_blockers()->set_text("help");
  wrong.mutable_blockers(0)->set_help_from("organizations/acme/people/gone");
  std::vector<std::string> fields;
  for (const auto& violation :
       DetailsOf(Submit("ann", Request("revenue", wrong)).status()).violations) {
    fields.push_back(violation.field);
  }
  EXPECT_THAT(fields, ElementsAre("check_in.confidence", "check_in.blockers[0].help_from",
                                  "check_in.milestones_done"));
}

TEST_F(CreateCheckInTest, APrivateObjectiveDoesNotExistForOthers) {
  Objective secret = grow_;
  secret.visibility = Visibility::kPrivate;
  Publish(secret);
  const auto made = Submit("ann", Request());
  ASSERT_OK(made);
  EXPECT_THAT(Query("SELECT private FROM okr_checkins.event_log"), ElementsAre("true"));
  EXPECT_EQ(ReasonOf(Submit("bob", Request("launch")).status()), "RESOURCE_NOT_FOUND");

  v1::GetCheckInRequest get;
  get.set_name(made->name());
  EXPECT_OK(GetCheckIn(deps(), CallOf("ann"), get));
  EXPECT_OK(GetCheckIn(deps(), CallOf("root", auth::Role::kAdmin), get));
  EXPECT_EQ(ReasonOf(GetCheckIn(deps(), CallOf("bob"), get).status()), "RESOURCE_NOT_FOUND");
  v1::ListCheckInsRequest list;
  list.set_parent("organizations/acme/objectives/grow/keyResults/-");
  EXPECT_EQ(ReasonOf(ListCheckIns(deps(), CallOf("bob"), list).status()), "RESOURCE_NOT_FOUND");

  secret.shared_with = {bob_.name};
  Publish(secret);
  EXPECT_OK(GetCheckIn(deps(), CallOf("bob"), get));
}

TEST_F(CreateCheckInTest, OnlyTheLatestCanBeCorrected) {
  ASSERT_OK(Submit("ann", WithId("first")));
  clock_.Advance(absl::Hours(1));
  const auto corrected = Submit("ann", CorrectionOf("first", "second"));
  ASSERT_OK(corrected);
  EXPECT_EQ(corrected->effective_time().seconds(), absl::ToUnixSeconds(At(2, 9)));
  const absl::Status refused = Submit("ann", CorrectionOf("first", "third")).status();
  EXPECT_THAT(DetailsOf(refused).violations.at(0).description, HasSubstr("checkIns/second"));
  EXPECT_OK(Submit("ann", CorrectionOf("second", "third")));
}

TEST_F(CreateCheckInTest, OneOfTwoCorrectionsInABatchIsRefused) {
  ASSERT_OK(Submit("ann", WithId("first")));
  const auto results =
      SubmitAll("ann", {CorrectionOf("first", "second"), CorrectionOf("first", "third")});
  EXPECT_OK(results[0].status);
  EXPECT_EQ(ReasonOf(results[1].status), "INVALID_FIELDS");
}

TEST_F(CreateCheckInTest, WhatHasNotArrivedYetIsDecidedAgainAfterCatchingUp) {
  KeyResult fresh = revenue_;
  fresh.name = KeyResultName(grow_.name, "fresh");
  int asked = 0;
  const auto catch_up = [&](const rpc::Call&, std::function<void(absl::Status)> done) {
    ++asked;
    Publish(fresh);
    done(absl::OkStatus());
  };
  EXPECT_OK(Submit("ann", Request("fresh"), catch_up));
  EXPECT_OK(Submit("ann", Request("fresh"), catch_up));
  EXPECT_EQ(asked, 1);
}

TEST_F(CreateCheckInTest, WhatMayBeOldRefusesNothing) {
  KeyResult retired = revenue_;
  retired.state = KeyResultState::kRetired;
  Publish(retired);
  const auto away = [](const rpc::Call&, const std::function<void(absl::Status)>& done) {
    done(MakeError(absl::StatusCode::kUnavailable, "later", {.reason = "STATE_NOT_REACHED"}));
  };
  for (const char* key_result : {"fresh", "revenue"}) {
    EXPECT_EQ(ReasonOf(Submit("ann", Request(key_result), away).status()), "STATE_NOT_REACHED")
        << key_result;
  }
}

TEST_F(CreateCheckInTest, ABadValueDoesNotAskTheOwnerOfGoals) {
  const auto catch_up = [&](const rpc::Call&, std::function<void(absl::Status)> done) {
    ADD_FAILURE() << "asked";
    done(absl::OkStatus());
  };
  v1::CheckIn wrong;
  wrong.set_confidence(7);
  EXPECT_EQ(ReasonOf(Submit("ann", Request("revenue", wrong), catch_up).status()),
            "INVALID_FIELDS");
}

}  // namespace
}  // namespace okr::checkins
