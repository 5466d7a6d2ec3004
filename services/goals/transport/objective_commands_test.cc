#include "services/goals/store/tables.h"
#include "services/goals/transport/goals_fixture.h"

namespace okr::goals::transport {
namespace {

using okr::testing::HasCode;
using okr::testing::HasReason;
using okr::testing::NamesField;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class Objectives : public GoalsFixture {
 protected:
  v1::UpdateObjectiveRequest Retitle(const std::string& id, const std::string& title) const {
    v1::UpdateObjectiveRequest request;
    request.mutable_objective()->set_name(Name("objectives/" + id));
    request.mutable_objective()->set_title(title);
    return request;
  }
  v1::DeleteObjectiveRequest Deletion(const std::string& id) const {
    v1::DeleteObjectiveRequest request;
    request.set_name(Name("objectives/" + id));
    return request;
  }
};

TEST_F(Objectives, AreCreatedAsDraftsWithDefaults) {
  ASSERT_OK_AND_ASSIGN(const v1::Objective created,
                       Write(As("ann"), CreateObjective, ObjectiveRequest("o1")));
  EXPECT_EQ(created.name(), Name("objectives/o1"));
  EXPECT_EQ(created.state(), v1::OBJECTIVE_STATE_DRAFT);
  EXPECT_EQ(created.commitment(), v1::COMMITMENT_ASPIRATIONAL);
  EXPECT_EQ(created.visibility(), v1::VISIBILITY_ORGANIZATION);
  EXPECT_EQ(created.creator(), Name("people/ann"));
  EXPECT_EQ(created.etag(), "\"1\"");
  EXPECT_THAT(Events(), Contains("okr.goals.v1.ObjectiveCreated"));
}

TEST_F(Objectives, GetAnIdIfNoneIsChosen) {
  auto request = ObjectiveRequest("");
  ASSERT_OK_AND_ASSIGN(const v1::Objective created, Write(As("ann"), CreateObjective, request));
  ASSERT_OK_AND_ASSIGN(const auto name, ObjectiveName::Parse(created.name()));
  ASSERT_OK_AND_ASSIGN(const Uuid id, Uuid::Parse(name.id()));
  EXPECT_EQ(id.version(), 7);
}

TEST_F(Objectives, KnowTheCallerAsMe) {
  ASSERT_OK_AND_ASSIGN(const v1::Objective created,
                       Write(As("ann"), CreateObjective, ObjectiveRequest("o1", "people/me")));
  EXPECT_EQ(created.owner(), Name("people/ann"));
}

TEST_F(Objectives, NameAllWrongFieldsAtOnce) {
  auto request = ObjectiveRequest("Not an id");
  v1::Objective& objective = *request.mutable_objective();
  objective.set_title("");
  objective.set_owner(Name("people/nobody"));
  objective.set_cycle(Name("cycles/none"));
  objective.set_commitment(static_cast<v1::Commitment>(99));
  objective.add_shared_with("somebody");
  objective.add_alignments()->set_parent(Name("objectives/none"));
  const auto created = Write(As("ann"), CreateObjective, request);
  for (const char* field :
       {"objective_id", "objective.title", "objective.owner", "objective.cycle",
        "objective.commitment", "objective.shared_with[0]", "objective.alignments[0].parent"}) {
    EXPECT_THAT(created, NamesField(field));
  }
  EXPECT_THAT(Events(), Not(Contains("okr.goals.v1.ObjectiveCreated")));
}

TEST_F(Objectives, AreRefusedTwiceWithOneId) {
  MakeObjective("o1");
  const auto again = Write(As("ann"), CreateObjective, ObjectiveRequest("o1"));
  EXPECT_THAT(again, HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(again, HasReason("RESOURCE_ALREADY_EXISTS"));
}

TEST_F(Objectives, ARepeatedRequestGetsTheFirstAnswer) {
  auto request = ObjectiveRequest("");
  request.set_request_id("r1");
  const rpc::Call call = As("ann");
  ASSERT_OK_AND_ASSIGN(const v1::Objective first, Write(call, CreateObjective, request));
  ASSERT_OK_AND_ASSIGN(const v1::Objective second, Write(call, CreateObjective, request));
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  request.mutable_objective()->set_title("Another");
  EXPECT_THAT(Write(call, CreateObjective, request), HasReason("REQUEST_ID_REUSED"));
}

TEST_F(Objectives, ValidateOnlyChangesNothing) {
  auto request = ObjectiveRequest("o1");
  request.set_validate_only(true);
  ASSERT_OK(Write(As("ann"), CreateObjective, request));
  EXPECT_THAT(Events(), Not(Contains("okr.goals.v1.ObjectiveCreated")));
  request.set_validate_only(false);
  EXPECT_OK(Write(As("ann"), CreateObjective, request));
}

TEST_F(Objectives, AreWrittenByOwnersLeadsAndAdministrators) {
  EXPECT_THAT(Write(As("bob"), CreateObjective, ObjectiveRequest("o1", "people/ann")),
              HasReason("PERMISSION_DENIED"));
  EXPECT_THAT(Write(As("bob"), CreateObjective, ObjectiveRequest("o1", "teams/web")),
              HasReason("PERMISSION_DENIED"));
  EXPECT_THAT(Write(As("ann", auth::Role::kViewer), CreateObjective, ObjectiveRequest("o1")),
              HasReason("PERMISSION_DENIED"));
  EXPECT_OK(Write(As("ann"), CreateObjective, ObjectiveRequest("o1", "teams/web")));
  EXPECT_OK(Write(Admin(), CreateObjective, ObjectiveRequest("o2", "people/bob")));
  EXPECT_THAT(Write(As("stranger"), CreateObjective, ObjectiveRequest("o3")),
              HasReason("PERSON_UNKNOWN"));
}

TEST_F(Objectives, AreUpdatedByMaskAndEtag) {
  MakeObjective("o1");
  auto request = Retitle("o1", "Another title");
  request.mutable_objective()->set_why("Because");
  request.mutable_update_mask()->add_paths("title");
  request.mutable_objective()->set_etag("\"1\"");
  ASSERT_OK_AND_ASSIGN(const v1::Objective updated, Write(As("ann"), UpdateObjective, request));
  EXPECT_EQ(updated.title(), "Another title");
  EXPECT_EQ(updated.why(), "");
  EXPECT_EQ(updated.etag(), "\"2\"");
  request.mutable_objective()->set_title("A third");
  const auto stale = Write(As("ann"), UpdateObjective, request);
  EXPECT_THAT(stale, HasCode(absl::StatusCode::kAborted));
  EXPECT_THAT(stale, HasReason("ETAG_MISMATCH"));
}

TEST_F(Objectives, AnUpdateThatChangesNothingIsNoChange) {
  const v1::Objective created = MakeObjective("o1");
  ASSERT_OK_AND_ASSIGN(const v1::Objective same,
                       Write(As("ann"), UpdateObjective, Retitle("o1", created.title())));
  EXPECT_EQ(same.etag(), created.etag());
  EXPECT_THAT(Events(), Not(Contains("okr.goals.v1.ObjectiveUpdated")));
}

TEST_F(Objectives, RefuseWrongMasksAndFixedFields) {
  MakeObjective("o1");
  auto request = Retitle("o1", "Another title");
  request.mutable_objective()->set_cycle(Name("cycles/year"));
  for (const char* path : {"titel", "state", "cycle"}) {
    request.mutable_update_mask()->add_paths(path);
  }
  const auto updated = Write(As("ann"), UpdateObjective, request);
  EXPECT_THAT(updated, NamesField("update_mask"));
  EXPECT_THAT(updated, NamesField("objective.cycle"));
}

TEST_F(Objectives, StayRightWhenTheirOwnerLeaves) {
  MakeObjective("o1", "people/bob");
  api::UpdatePersonRequest leave;
  leave.mutable_person()->set_name(Name("people/bob"));
  leave.mutable_person()->set_state(api::PERSON_STATE_DEACTIVATED);
  ASSERT_OK(Write(Admin(), UpdatePerson, leave));
  EXPECT_OK(Write(Admin(), UpdateObjective, Retitle("o1", "Another title")));
  EXPECT_THAT(Write(As("bob"), UpdateObjective, Retitle("o1", "A third")),
              HasReason("PERMISSION_DENIED"));
  EXPECT_THAT(Write(Admin(), CreateObjective, ObjectiveRequest("o2", "people/bob")),
              NamesField("objective.owner"));
}

TEST_F(Objectives, AreActivatedWithAKeyResult) {
  MakeObjective("o1");
  v1::ActivateObjectiveRequest request;
  request.set_name(Name("objectives/o1"));
  EXPECT_THAT(Write(As("ann"), ActivateObjective, request), HasReason("OBJECTIVE_STATE"));
  MakeKeyResult("o1", "k1");
  ASSERT_OK_AND_ASSIGN(const v1::Objective active, Write(As("ann"), ActivateObjective, request));
  EXPECT_EQ(active.state(), v1::OBJECTIVE_STATE_ACTIVE);
}

TEST_F(Objectives, AreRetiredWithAReason) {
  MakeObjective("o1");
  MakeObjective("o2");
  v1::RetireObjectiveRequest request;
  request.set_name(Name("objectives/o1"));
  request.set_superseded_by(Name("objectives/none"));
  const auto wrong = Write(As("ann"), RetireObjective, request);
  EXPECT_THAT(wrong, NamesField("reason"));
  EXPECT_THAT(wrong, NamesField("superseded_by"));
  request.set_reason("The market is gone");
  request.set_superseded_by(Name("objectives/o2"));
  ASSERT_OK_AND_ASSIGN(const v1::Objective retired, Write(As("ann"), RetireObjective, request));
  EXPECT_EQ(retired.state(), v1::OBJECTIVE_STATE_RETIRED);
  EXPECT_EQ(retired.superseded_by(), Name("objectives/o2"));
  EXPECT_THAT(Write(As("ann"), UpdateObjective, Retitle("o1", "x")), HasReason("OBJECTIVE_STATE"));
}

TEST_F(Objectives, AreDeletedWithTheirKeyResults) {
  MakeObjective("o1");
  MakeKeyResult("o1", "k1");
  MakeKeyResult("o1", "k2");
  ASSERT_OK_AND_ASSIGN(const v1::Objective deleted,
                       Write(As("ann"), DeleteObjective, Deletion("o1")));
  EXPECT_TRUE(deleted.has_delete_time());
  const std::vector<std::string> events = Events();
  EXPECT_THAT(std::vector<std::string>(events.end() - 3, events.end()),
              ElementsAre("okr.goals.v1.KeyResultDeleted", "okr.goals.v1.KeyResultDeleted",
                          "okr.goals.v1.ObjectiveDeleted"));
  EXPECT_THAT(Write(As("ann"), DeleteObjective, Deletion("o1")), HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(Objectives, ThatAreMissingMayBeDeletedIfTheCallerSaysSo) {
  auto request = Deletion("none");
  request.set_allow_missing(true);
  ASSERT_OK_AND_ASSIGN(const v1::Objective deleted, Write(As("ann"), DeleteObjective, request));
  EXPECT_EQ(deleted.name(), Name("objectives/none"));
  EXPECT_TRUE(deleted.has_delete_time());
}

TEST_F(Objectives, ThatArePrivateAreNotThereForOthers) {
  MakePrivateObjective("secret");
  EXPECT_THAT(Write(As("bob"), UpdateObjective, Retitle("secret", "x")),
              HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(Write(As("bob"), CreateKeyResult, KeyResultRequest("secret", "k1")),
              HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(Write(As("cat"), UpdateObjective, Retitle("secret", "x")),
              HasReason("PERMISSION_DENIED"));
  EXPECT_OK(Write(As("ann"), UpdateObjective, Retitle("secret", "x")));
  EXPECT_OK(Write(Admin(), UpdateObjective, Retitle("secret", "y")));
}

TEST_F(Objectives, ThatArePrivateMakePrivateEvents) {
  MakePrivateObjective("secret");
  MakeKeyResult("secret", "k1");
  EXPECT_THAT(Query(absl::StrCat("SELECT type FROM okr_goals.event_log WHERE private AND "
                                 "organization_id = '",
                                 organization_, "' ORDER BY position")),
              ElementsAre("okr.goals.v1.ObjectiveCreated", "okr.goals.v1.KeyResultCreated"));
}

TEST_F(Objectives, ShowTheirScoreInAnswersToWhoMaySeeIt) {
  MakeObjective("o1");
  StoreSummary("objectives/o1", 0.5);
  ASSERT_OK_AND_ASSIGN(const v1::Objective own,
                       Write(As("ann"), UpdateObjective, Retitle("o1", "x")));
  EXPECT_EQ(own.score_summary().score(), 0.5);
  ASSERT_OK_AND_ASSIGN(const v1::Objective others,
                       Write(Admin(), UpdateObjective, Retitle("o1", "y")));
  EXPECT_FALSE(others.score_summary().has_score());
  EXPECT_EQ(others.score_summary().progress(), 0.5);
}

TEST_F(Objectives, OfOneOrganizationAreHiddenFromOthersByRowLevelSecurity) {
  MakeObjective("o1");
  const auto rows = reads_->List("another-organization", absl::Now() + absl::Seconds(10),
                                 tables::Objectives(), {.prefix = "objectives/"});
  ASSERT_OK(rows);
  EXPECT_TRUE(rows->empty());
}

}  // namespace
}  // namespace okr::goals::transport
