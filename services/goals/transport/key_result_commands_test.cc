#include <cmath>
#include <limits>

#include "services/goals/transport/goals_fixture.h"

namespace okr::goals::transport {
namespace {

using okr::testing::HasReason;
using okr::testing::NamesField;
using ::testing::Contains;

class KeyResults : public GoalsFixture {
 protected:
  KeyResults() { MakeObjective("o1"); }

  v1::UpdateKeyResultRequest Update(const std::string& id) const {
    v1::UpdateKeyResultRequest request;
    request.mutable_key_result()->set_name(Name("objectives/o1/keyResults/" + id));
    return request;
  }
};

TEST_F(KeyResults, AreCreatedInTheCycleOfTheirObjective) {
  ASSERT_OK_AND_ASSIGN(const v1::KeyResult created,
                       Write(As("ann"), CreateKeyResult, KeyResultRequest("o1", "k1")));
  EXPECT_EQ(created.name(), Name("objectives/o1/keyResults/k1"));
  EXPECT_EQ(created.cycle(), Name("cycles/q1"));
  EXPECT_EQ(created.state(), v1::KEY_RESULT_STATE_ACTIVE);
  EXPECT_THAT(Events(), Contains("okr.goals.v1.KeyResultCreated"));
}

TEST_F(KeyResults, NameAllWrongFieldsAtOnce) {
  auto request = KeyResultRequest("o1", "k1");
  v1::KeyResult& key_result = *request.mutable_key_result();
  key_result.set_title("");
  key_result.mutable_metric()->set_baseline(NAN);
  key_result.mutable_metric()->set_target(std::numeric_limits<double>::infinity());
  key_result.set_weight(0);
  key_result.set_owner(Name("teams/none"));
  key_result.mutable_start_date()->set_year(2026);
  const auto created = Write(As("ann"), CreateKeyResult, request);
  for (const char* field :
       {"key_result.title", "key_result.metric.baseline", "key_result.metric.target",
        "key_result.weight", "key_result.owner", "key_result.start_date"}) {
    EXPECT_THAT(created, NamesField(field));
  }
}

TEST_F(KeyResults, MustSayWhatIsMeasured) {
  auto request = KeyResultRequest("o1", "k1");
  request.mutable_key_result()->clear_metric();
  EXPECT_THAT(Write(As("ann"), CreateKeyResult, request), NamesField("key_result.kind"));
}

TEST_F(KeyResults, LieInsideTheCycle) {
  auto request = KeyResultRequest("o1", "k1");
  google::type::Date& due = *request.mutable_key_result()->mutable_due_date();
  due.set_year(2026);
  due.set_month(4);
  due.set_day(1);
  EXPECT_THAT(Write(As("ann"), CreateKeyResult, request), NamesField("key_result.due_date"));
}

TEST_F(KeyResults, NeedTheirObjective) {
  EXPECT_THAT(Write(As("ann"), CreateKeyResult, KeyResultRequest("none", "k1")),
              HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(KeyResults, MayBeChangedByTheirOwnOwner) {
  auto request = KeyResultRequest("o1", "k1");
  request.mutable_key_result()->set_owner(Name("people/bob"));
  ASSERT_OK(Write(As("ann"), CreateKeyResult, request));
  MakeKeyResult("o1", "k2");
  auto update = Update("k1");
  update.mutable_key_result()->set_title("Another title");
  EXPECT_OK(Write(As("bob"), UpdateKeyResult, update));
  EXPECT_THAT(Write(As("cat"), UpdateKeyResult, update), HasReason("PERMISSION_DENIED"));
  update.mutable_key_result()->set_name(Name("objectives/o1/keyResults/k2"));
  EXPECT_THAT(Write(As("bob"), UpdateKeyResult, update), HasReason("PERMISSION_DENIED"));
}

TEST_F(KeyResults, MayChangeWhatIsMeasured) {
  MakeKeyResult("o1", "k1");
  auto update = Update("k1");
  update.mutable_key_result()->mutable_maintain()->set_lower(99.9);
  ASSERT_OK_AND_ASSIGN(const v1::KeyResult updated, Write(As("ann"), UpdateKeyResult, update));
  EXPECT_TRUE(updated.has_maintain());
  EXPECT_EQ(updated.etag(), "\"2\"");
}

TEST_F(KeyResults, ChangeOneNumberByItsPath) {
  MakeKeyResult("o1", "k1");
  auto update = Update("k1");
  update.mutable_key_result()->mutable_metric()->set_target(200);
  update.mutable_update_mask()->add_paths("metric.target");
  ASSERT_OK_AND_ASSIGN(v1::KeyResult updated, Write(As("ann"), UpdateKeyResult, update));
  EXPECT_EQ(updated.metric().baseline(), 900);
  EXPECT_EQ(updated.metric().target(), 200);
  update.mutable_key_result()->mutable_metric()->set_target(900);
  EXPECT_THAT(Write(As("ann"), UpdateKeyResult, update), NamesField("key_result.metric.target"));
}

TEST_F(KeyResults, AreRetiredOnce) {
  MakeKeyResult("o1", "k1");
  v1::RetireKeyResultRequest request;
  request.set_name(Name("objectives/o1/keyResults/k1"));
  EXPECT_THAT(Write(As("ann"), RetireKeyResult, request), NamesField("reason"));
  request.set_reason("Not ours");
  ASSERT_OK_AND_ASSIGN(const v1::KeyResult retired, Write(As("ann"), RetireKeyResult, request));
  EXPECT_EQ(retired.state(), v1::KEY_RESULT_STATE_RETIRED);
  EXPECT_THAT(Write(As("ann"), RetireKeyResult, request), HasReason("KEY_RESULT_STATE"));
}

TEST_F(KeyResults, AreDeleted) {
  MakeKeyResult("o1", "k1");
  v1::DeleteKeyResultRequest request;
  request.set_name(Name("objectives/o1/keyResults/k1"));
  request.set_etag("\"7\"");
  EXPECT_THAT(Write(As("ann"), DeleteKeyResult, request), HasReason("ETAG_MISMATCH"));
  request.set_etag("\"1\"");
  ASSERT_OK_AND_ASSIGN(const v1::KeyResult deleted, Write(As("ann"), DeleteKeyResult, request));
  EXPECT_TRUE(deleted.has_delete_time());
  EXPECT_THAT(Write(As("ann"), DeleteKeyResult, request), HasReason("RESOURCE_NOT_FOUND"));
  request.set_allow_missing(true);
  ASSERT_OK_AND_ASSIGN(const v1::KeyResult again, Write(As("ann"), DeleteKeyResult, request));
  EXPECT_EQ(again.title(), deleted.title());
}

}  // namespace
}  // namespace okr::goals::transport
