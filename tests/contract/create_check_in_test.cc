// CreateCheckIn: what is taken, what is refused and why, and who may.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/status/error.h"
#include "tests/support/company.h"
#include "tests/support/refusals.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::checkins::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr char kMilestones[] =
    "milestones { milestones { id: 'a' title: 'A' } milestones { id: 'b' title: 'B' } }";

// An objective "o" of the crew with a key result of each kind.
class CreateCheckIn : public ::testing::Test {
 protected:
  void SetUp() override {
    company_.MakeObjective(
        "o", "", {{"kr"}, {"range", "maintain { lower: 1 upper: 2 }"}, {"steps", kMilestones}});
  }

  absl::StatusOr<v1::CheckIn> Create(const std::string& person, absl::string_view text) {
    return company_.Call<v1::CreateCheckInRequest>(person, text);
  }
  // On the key result "kr" of "o".
  absl::StatusOr<v1::CheckIn> CheckIn(absl::string_view fields, const std::string& kr = "kr") {
    return company_.CheckInWith("ben", "o", fields, kr);
  }
  // Names of all check-ins of the objective "o".
  std::vector<std::string> All() {
    const auto listed = company_.Call<v1::ListCheckInsRequest>(
        "ben", "parent: '$O/objectives/o/keyResults/-' page_size: 1000");
    EXPECT_OK(listed);
    std::vector<std::string> names;
    if (!listed.ok()) return names;
    for (const v1::CheckIn& check_in : listed->check_ins()) names.push_back(check_in.name());
    return names;
  }

  Company company_;
};

TEST_F(CreateCheckIn, AnswersWithWhatWasRecorded) {
  const auto made = CheckIn(
      "value: 42.5 confidence: 0.7 note: 'Two *big* deals' stated_status { status: STATUS_AT_RISK"
      " reason: 'The third is late' } blockers { text: 'Supplier' help_from: '$O/people/zoe' }"
      " blockers { text: 'Weather' }");
  ASSERT_OK(made);
  EXPECT_THAT(made->name(), StartsWith(company_.KeyResultOf("o") + "/checkIns/"));
  EXPECT_EQ(made->value(), 42.5);
  EXPECT_EQ(made->confidence(), 0.7);
  EXPECT_EQ(made->note(), "Two *big* deals");
  EXPECT_EQ(made->stated_status().status(), scoring::v1::STATUS_AT_RISK);
  EXPECT_EQ(made->blockers_size(), 2);
  EXPECT_EQ(made->blockers(0).help_from(), company_.Name("people/zoe"));
  EXPECT_EQ(made->author(), company_.Name("people/ben"));
  EXPECT_EQ(made->cycle(), company_.Name("cycles/now"));
  EXPECT_NEAR(made->create_time().seconds(), absl::ToUnixSeconds(absl::Now()), 60);
  EXPECT_EQ(made->effective_time().seconds(), made->create_time().seconds());
  v1::GetCheckInRequest get;
  get.set_name(made->name());
  const auto read = Send(company_.as("zoe"), get);
  ASSERT_OK(read);
  EXPECT_EQ(read->DebugString(), made->DebugString());
}

TEST_F(CreateCheckIn, TakesEveryKind) {
  EXPECT_OK(CheckIn("value: 1.5", "range"));
  const auto steps = CheckIn("milestones_done { ids: 'b' ids: 'a' }", "steps");
  ASSERT_OK(steps);
  EXPECT_THAT(steps->milestones_done().ids(), ElementsAre("b", "a"));
  EXPECT_OK(CheckIn("milestones_done {}", "steps"));
  const auto mood = CheckIn("confidence: 0", "steps");
  ASSERT_OK(mood);
  EXPECT_EQ(mood->measurement_case(), v1::CheckIn::MEASUREMENT_NOT_SET);
  EXPECT_TRUE(mood->has_confidence());
}

TEST_F(CreateCheckIn, TakesNumbersUpToTheLimitWithoutNegativeZero) {
  EXPECT_OK(CheckIn("value: 1e15"));
  EXPECT_OK(CheckIn("value: -1e15"));
  const auto zero = CheckIn("value: -0.0 confidence: 1");
  ASSERT_OK(zero);
  EXPECT_FALSE(std::signbit(zero->value()));
}

TEST_F(CreateCheckIn, RefusesTheWrongKindOfMeasurement) {
  EXPECT_THAT(WrongFields(CheckIn("value: 1", "steps")), ElementsAre("check_in.value"));
  EXPECT_THAT(WrongFields(CheckIn("milestones_done { ids: 'a' }", "kr")),
              ElementsAre("check_in.milestones_done"));
  EXPECT_THAT(WrongFields(CheckIn("milestones_done { ids: 'a' }", "range")),
              ElementsAre("check_in.milestones_done"));
  EXPECT_THAT(All(), IsEmpty());
}

TEST_F(CreateCheckIn, RefusesUnknownAndRepeatedMilestones) {
  EXPECT_THAT(WrongFields(CheckIn("milestones_done { ids: 'a' ids: 'x' }", "steps")),
              ElementsAre("check_in.milestones_done.ids[1]"));
  EXPECT_THAT(WrongFields(CheckIn("milestones_done { ids: 'a' ids: 'a' }", "steps")),
              ElementsAre("check_in.milestones_done.ids[1]"));
}

TEST_F(CreateCheckIn, RefusesWhatIsNoNumberAndTooLargeOnes) {
  for (const char* value : {"nan", "inf", "-inf", "1e16", "-1e16"}) {
    EXPECT_THAT(WrongFields(CheckIn(absl::StrCat("value: ", value))), ElementsAre("check_in.value"))
        << value;
    EXPECT_THAT(WrongFields(CheckIn(absl::StrCat("value: ", value), "range")),
                ElementsAre("check_in.value"))
        << value;
  }
  EXPECT_THAT(All(), IsEmpty());
}

TEST_F(CreateCheckIn, RefusesAConfidenceOutOfRange) {
  for (const char* confidence : {"-0.01", "1.01", "nan", "inf"}) {
    EXPECT_THAT(WrongFields(CheckIn(absl::StrCat("value: 1 confidence: ", confidence))),
                ElementsAre("check_in.confidence"))
        << confidence;
  }
  EXPECT_OK(CheckIn("value: 1 confidence: 0"));
  EXPECT_OK(CheckIn("value: 1 confidence: 1"));
}

TEST_F(CreateCheckIn, TakesAnEffectiveTimeInsideTheCycleOnly) {
  const absl::Duration day = absl::Hours(24);
  const auto past = CheckIn(absl::StrCat("value: 1 ", Ago(40 * day)));
  ASSERT_OK(past);
  EXPECT_NEAR(past->effective_time().seconds(), absl::ToUnixSeconds(absl::Now() - 40 * day), 60);
  EXPECT_OK(CheckIn(absl::StrCat("value: 1 ", Ago(-absl::Seconds(30)))));  // A clock that is ahead.
  for (const absl::Duration ago : {-absl::Minutes(5), -60 * day, 47 * day}) {
    EXPECT_THAT(WrongFields(CheckIn(absl::StrCat("value: 1 ", Ago(ago)))),
                ElementsAre("check_in.effective_time"))
        << ago;
  }
  for (const char* time : {"seconds: 999999999999999", "seconds: 1 nanos: -1"}) {
    EXPECT_THAT(WrongFields(CheckIn(absl::StrCat("value: 1 effective_time { ", time, " }"))),
                ElementsAre("check_in.effective_time"))
        << time;
  }
}

TEST_F(CreateCheckIn, RefusesTextsAndListsThatAreTooLong) {
  const std::string note(10'000, 'n');
  EXPECT_OK(CheckIn(absl::StrCat("value: 1 note: '", note, "'")));
  EXPECT_THAT(WrongFields(CheckIn(absl::StrCat("value: 1 note: '", note, "n'"))),
              ElementsAre("check_in.note"));
  std::string blockers;
  for (int i = 0; i < 20; ++i) absl::StrAppend(&blockers, "blockers { text: 'b' } ");
  EXPECT_OK(CheckIn(blockers));
  EXPECT_THAT(WrongFields(CheckIn(blockers + "blockers { text: 'b' }")),
              ElementsAre("check_in.blockers"));
}

TEST_F(CreateCheckIn, RefusesWhatIsNoTextAndWhatIsFarTooLong) {
  auto request = company_.Parse<v1::CreateCheckInRequest>(
      "parent: '$O/objectives/o/keyResults/kr' check_in { value: 1 }");
  request.mutable_check_in()->set_note("caf\xe9");  // Latin-1.
  EXPECT_THAT(WrongFields(Send(company_.as("ben"), request)), ElementsAre("check_in.note"));
  request.mutable_check_in()->set_note(std::string(10 << 20, 'n'));
  EXPECT_THAT(Send(company_.as("ben"), request), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(All(), IsEmpty());
}

TEST_F(CreateCheckIn, NamesAllWrongFieldsAtOnceAndLeavesNothingBehind) {
  v1::CreateCheckInRequest request = company_.Parse<v1::CreateCheckInRequest>(
      "parent: '$O/objectives/o/keyResults/kr' check_in { value: nan confidence: 2"
      " stated_status { status: STATUS_STALE } blockers { text: ' ' }"
      " blockers { text: 'b' help_from: '$O/people/nobody' }"
      " blockers { text: 'b' help_from: 'nobody' } correction_reason: 'why' }");
  request.mutable_check_in()->set_note(std::string(10'001, 'n'));
  request.mutable_check_in()->mutable_effective_time()->set_seconds(
      absl::ToUnixSeconds(absl::Now() + absl::Hours(1)));
  EXPECT_THAT(WrongFields(Send(company_.as("ben"), request)),
              ElementsAre("check_in.blockers[0].text", "check_in.blockers[1].help_from",
                          "check_in.blockers[2].help_from", "check_in.confidence",
                          "check_in.correction_reason", "check_in.effective_time", "check_in.note",
                          "check_in.stated_status.reason", "check_in.stated_status.status",
                          "check_in.value"));
  EXPECT_THAT(All(), IsEmpty());
}

TEST_F(CreateCheckIn, RefusesRequestsThatSayNothing) {
  EXPECT_THAT(WrongFields(Create("ben", "")), ElementsAre("check_in", "parent"));
  EXPECT_THAT(WrongFields(CheckIn("")), ElementsAre("check_in"));
  EXPECT_THAT(WrongFields(Create("ben", "parent: '$O/objectives/o' check_in { value: 1 }")),
              ElementsAre("parent"));
  EXPECT_THAT(WrongFields(Create("ben",
                                 "parent: '$O/objectives/o/keyResults/kr' check_in_id: 'Wrong!'"
                                 " check_in { value: 1 }")),
              ElementsAre("check_in_id"));
}

TEST_F(CreateCheckIn, UsesAChosenIdOnce) {
  constexpr char kRequest[] =
      "parent: '$O/objectives/o/keyResults/kr' check_in_id: 'week-1' check_in { value: 1 }";
  const auto made = Create("ben", kRequest);
  ASSERT_OK(made);
  EXPECT_EQ(made->name(), company_.KeyResultOf("o") + "/checkIns/week-1");
  const auto again = Create("ben", kRequest);
  EXPECT_THAT(again, IsRefused("RESOURCE_ALREADY_EXISTS"));
  EXPECT_EQ(DetailsOf(again.status()).metadata.at("name"), made->name());
  EXPECT_THAT(All(), ElementsAre(made->name()));
}

TEST_F(CreateCheckIn, RepeatsTheAnswerOfARepeatedRequestId) {
  const auto made = company_.CheckIn("ben", "o", 5, "same");
  ASSERT_OK(made);
  const auto again = company_.CheckIn("ben", "o", 5, "same");
  ASSERT_OK(again);
  EXPECT_EQ(again->DebugString(), made->DebugString());
  EXPECT_THAT(All(), ElementsAre(made->name()));
  EXPECT_THAT(company_.CheckIn("ben", "o", 6, "same"), IsRefused("REQUEST_ID_REUSED"));
  EXPECT_THAT(WrongFields(company_.CheckIn("ben", "o", 6, std::string(65, 'r'))),
              ElementsAre("request_id"));
  EXPECT_THAT(All(), ElementsAre(made->name()));
}

TEST_F(CreateCheckIn, ValidatesOnlyWithoutATrace) {
  const auto checked = Create("ben",
                              "parent: '$O/objectives/o/keyResults/kr' check_in { value: 7 }"
                              " request_id: 'later' validate_only: true");
  ASSERT_OK(checked);
  EXPECT_EQ(checked->value(), 7);
  EXPECT_EQ(checked->author(), company_.Name("people/ben"));
  EXPECT_THAT(WrongFields(Create("ben",
                                 "parent: '$O/objectives/o/keyResults/kr' check_in { value: inf }"
                                 " validate_only: true")),
              ElementsAre("check_in.value"));
  EXPECT_THAT(All(), IsEmpty());
  // The request id is still free.
  EXPECT_OK(company_.CheckIn("ben", "o", 8, "later"));
}

TEST_F(CreateCheckIn, ACorrectionTakesThePlaceOfTheOther) {
  const auto first = CheckIn(absl::StrCat("value: 90 ", Ago(absl::Hours(48))));
  ASSERT_OK(first);
  const auto second = CheckIn(absl::StrCat("value: 10 corrects: '", first->name(),
                                           "' correction_reason: 'A slip of the pen'"));
  ASSERT_OK(second);
  EXPECT_EQ(second->corrects(), first->name());
  EXPECT_EQ(second->effective_time().seconds(), first->effective_time().seconds());
  // A correction can be corrected, each only once.
  const auto third = CheckIn(absl::StrCat("value: 20 corrects: '", second->name(),
                                          "' correction_reason: 'Counted again'"));
  ASSERT_OK(third);
  EXPECT_EQ(third->effective_time().seconds(), first->effective_time().seconds());
  EXPECT_THAT(WrongFields(CheckIn(absl::StrCat("value: 30 corrects: '", first->name(),
                                               "' correction_reason: 'Late'"))),
              ElementsAre("check_in.corrects"));
  const auto score = company_.KeyResultScore("ben", "o");
  ASSERT_OK(score);
  EXPECT_EQ(score->value(), 20);
  EXPECT_EQ(score->check_in(), third->name());
}

TEST_F(CreateCheckIn, RefusesWrongCorrections) {
  const auto first = CheckIn("value: 90");
  ASSERT_OK(first);
  EXPECT_THAT(WrongFields(CheckIn(absl::StrCat("value: 1 corrects: '", first->name(), "'"))),
              ElementsAre("check_in.correction_reason"));
  EXPECT_THAT(WrongFields(CheckIn("value: 1 corrects: '$O/objectives/o/keyResults/kr/checkIns/no'"
                                  " correction_reason: 'why'")),
              ElementsAre("check_in.corrects"));
  EXPECT_THAT(WrongFields(CheckIn(
                  absl::StrCat("value: 1 corrects: '", first->name(), "' correction_reason: 'x'"),
                  "range")),
              ElementsAre("check_in.corrects"));
  EXPECT_THAT(WrongFields(CheckIn(absl::StrCat("value: 1 corrects: '", first->name(),
                                               "' correction_reason: 'x' ", Ago(absl::Hours(1))))),
              ElementsAre("check_in.effective_time"));
}

TEST_F(CreateCheckIn, IsForOwnersMembersLeadsAndAdministrators) {
  company_.MakeObjective("hers", "owner: '$O/people/zoe'");
  company_.MakeObjective("his", "owner: '$O/people/vic'");
  EXPECT_OK(company_.CheckIn("ann", "o", 1));     // Leads the owning team.
  EXPECT_OK(company_.CheckIn("eve", "o", 1));     // Is a member of it.
  EXPECT_OK(company_.CheckIn("zoe", "hers", 1));  // Owns it.
  EXPECT_OK(company_.CheckIn("admin", "hers", 1));
  EXPECT_THAT(company_.CheckIn("zoe", "o", 1), IsRefused("PERMISSION_DENIED"));
  EXPECT_THAT(company_.CheckIn("ann", "hers", 1), IsRefused("PERMISSION_DENIED"));
  // A viewer's token does not write, whatever its person owns.
  EXPECT_THAT(company_.CheckIn("vic", "his", 1), IsRefused("PERMISSION_DENIED"));
}

TEST_F(CreateCheckIn, IsForTheOwnOwnerOfAKeyResult) {
  company_.MakeObjective("mixed", "",
                         {{"kr", "owner: '$O/people/zoe' metric { baseline: 0 target: 1 }"}});
  EXPECT_OK(company_.CheckIn("zoe", "mixed", 1));
}

TEST_F(CreateCheckIn, IsForPersonsOfTheOrganization) {
  EXPECT_THAT(company_.CheckIn("nobody", "o", 1), IsRefused("PERSON_UNKNOWN"));
  ASSERT_OK(company_.Call<directory::v1::UpdatePersonRequest>(
      "admin", "person { name: '$O/people/dan' state: PERSON_STATE_DEACTIVATED }"));
  EXPECT_THAT(company_.CheckIn("dan", "o", 1), IsRefused("PERMISSION_DENIED"));
}

TEST_F(CreateCheckIn, IsNotForOtherOrganizations) {
  Company other;
  auto request = company_.Parse<v1::CreateCheckInRequest>(
      "parent: '$O/objectives/o/keyResults/kr' check_in { value: 1 }");
  EXPECT_THAT(Send(other.as("admin"), request), IsRefused("WRONG_ORGANIZATION"));
  request.set_parent("organizations/there-is-none/objectives/o/keyResults/kr");
  EXPECT_THAT(Send(other.as("admin"), request), IsRefused("WRONG_ORGANIZATION"));
  // Names of another organization inside the request.
  auto blocked = company_.Parse<v1::CreateCheckInRequest>(
      "parent: '$O/objectives/o/keyResults/kr' check_in { value: 1 blockers { text: 'b' } }");
  blocked.mutable_check_in()->mutable_blockers(0)->set_help_from(other.Name("people/zoe"));
  EXPECT_FALSE(Send(company_.as("ben"), blocked).ok());
  EXPECT_THAT(All(), IsEmpty());
}

TEST_F(CreateCheckIn, NeedsAToken) {
  const auto request = company_.Parse<v1::CreateCheckInRequest>(
      "parent: '$O/objectives/o/keyResults/kr' check_in { value: 1 }");
  Caller nobody(company_.suite(), "");
  EXPECT_THAT(Send(nobody, request), IsRefused("TOKEN_MISSING"));
  Caller forger(company_.suite(), company_.suite().ForeignToken(company_.identity("ben")));
  EXPECT_THAT(Send(forger, request), IsRefused("TOKEN_SIGNATURE_INVALID"));
}

TEST_F(CreateCheckIn, DoesNotShowThatAPrivateObjectiveExists) {
  company_.MakeObjective("secret", "owner: '$O/people/zoe' visibility: VISIBILITY_PRIVATE");
  EXPECT_OK(company_.CheckIn("zoe", "secret", 1));
  const absl::Status secret = company_.CheckIn("ann", "secret", 1).status();
  const absl::Status missing = company_.CheckIn("ann", "missing", 1).status();
  EXPECT_THAT(secret, IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(missing, IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_EQ(DetailsOf(missing).metadata.at("name"), company_.KeyResultOf("missing"));
  EXPECT_EQ(DetailsOf(secret).metadata.at("name"), company_.KeyResultOf("secret"));
}

TEST_F(CreateCheckIn, NeedsAnActiveCycle) {
  ASSERT_OK(company_.CreateCycle("next"));
  company_.DraftObjective("later", "cycle: '$O/cycles/next'");
  const absl::Status early = company_.CheckIn("ben", "later", 1).status();
  EXPECT_THAT(early, IsRefused("CYCLE_STATE"));
  EXPECT_EQ(DetailsOf(early).metadata.at("cycle"), company_.Name("cycles/next"));
  EXPECT_EQ(DetailsOf(early).metadata.at("state"), "DRAFT");
  ASSERT_OK(company_.OpenCycleGrading("now"));
  // By the shared consistency token checkins has seen it.
  const absl::Status late = company_.CheckIn("ben", "o", 1).status();
  EXPECT_THAT(late, IsRefused("CYCLE_STATE"));
  EXPECT_EQ(DetailsOf(late).metadata.at("state"), "GRADING");
  ASSERT_OK(company_.CloseCycle("now"));
  EXPECT_THAT(company_.CheckIn("ben", "o", 1), IsRefused("CYCLE_STATE"));
  EXPECT_THAT(All(), IsEmpty());
}

TEST_F(CreateCheckIn, NeedsAnActiveObjective) {
  company_.DraftObjective("draft");
  const absl::Status draft = company_.CheckIn("ben", "draft", 1).status();
  EXPECT_THAT(draft, IsRefused("OBJECTIVE_STATE"));
  EXPECT_EQ(DetailsOf(draft).metadata.at("objective"), company_.Name("objectives/draft"));
  EXPECT_EQ(DetailsOf(draft).metadata.at("state"), "DRAFT");
  ASSERT_OK(company_.Call<goals::v1::RetireObjectiveRequest>(
      "admin", "name: '$O/objectives/o' reason: 'Enough'"));
  const absl::Status retired = company_.CheckIn("ben", "o", 1).status();
  EXPECT_THAT(retired, IsRefused("OBJECTIVE_STATE"));
  EXPECT_EQ(DetailsOf(retired).metadata.at("state"), "RETIRED");
}

TEST_F(CreateCheckIn, NeedsAnActiveKeyResult) {
  ASSERT_OK(company_.Call<goals::v1::RetireKeyResultRequest>(
      "admin", "name: '$O/objectives/o/keyResults/kr' reason: 'Enough'"));
  const absl::Status retired = CheckIn("value: 1").status();
  EXPECT_THAT(retired, IsRefused("KEY_RESULT_STATE"));
  EXPECT_EQ(DetailsOf(retired).metadata.at("key_result"), company_.KeyResultOf("o"));
  ASSERT_OK(company_.Call<goals::v1::DeleteKeyResultRequest>(
      "admin", "name: '$O/objectives/o/keyResults/range'"));
  EXPECT_THAT(CheckIn("value: 1", "range"), IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(CheckIn("value: 1", "none"), IsRefused("RESOURCE_NOT_FOUND"));
}

TEST_F(CreateCheckIn, FollowsChangesOfTheKeyResult) {
  ASSERT_OK(company_.Call<goals::v1::UpdateKeyResultRequest>(
      "admin", absl::StrCat("key_result { name: '$O/objectives/o/keyResults/kr' ", kMilestones,
                            " } update_mask { paths: 'milestones' }")));
  EXPECT_OK(CheckIn("milestones_done { ids: 'a' }"));
  EXPECT_THAT(WrongFields(CheckIn("value: 1")), ElementsAre("check_in.value"));
}

}  // namespace
}  // namespace okr::testing
