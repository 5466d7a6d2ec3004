#include "cli/app/run.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "cli/config/files.h"
#include "cli/testing/fake_suite.h"
#include "common/testing/certificate_authority.h"
#include "common/testing/status_matchers.h"
#include "okr/checkins/v1/checkins_service.pb.h"
#include "okr/directory/v1/resources.pb.h"
#include "okr/goals/v1/goals_service.pb.h"

namespace okr::cli {
namespace {

using testing::FakeSuite;
using ::testing::HasSubstr;

struct Result {
  int code = 0;
  std::string out;
  std::string err;
};

class OkrctlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/okrctl-run-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    std::string config = "organization: acme\ndevelopment: {key_dir: keys, as: ada, role: ADMIN}\n";
    for (const char* service : {"goals", "checkins", "scoring", "notifications"}) {
      absl::StrAppend(&config, service, "_address: ", suite_.address(), "\n");
    }
    ASSERT_OK(WriteFile(folder_ + "/config.yaml", config, 0600));
    ASSERT_EQ(Run({"auth", "init"}).code, 0);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result Run(const std::vector<std::string>& args) {
    std::ostringstream out;
    std::ostringstream err;
    Result result;
    result.code = RunOkrctl(args, {.environment = {{"OKRCTL_CONFIG", folder_ + "/config.yaml"}},
                                   .directory = folder_,
                                   .out = &out,
                                   .err = &err,
                                   .clock = &clock_,
                                   .sleep = [this](absl::Duration d) { clock_.Advance(d); }});
    result.out = out.str();
    result.err = err.str();
    return result;
  }

  std::string Write(const std::string& text) {
    EXPECT_OK(WriteFile(folder_ + "/plan.yaml", text, 0600));
    return folder_ + "/plan.yaml";
  }

  FakeSuite suite_;
  FakeClock clock_;
  std::string folder_;
};

constexpr char kPlan[] = R"(
organization: {id: acme, display_name: Acme, administrator: ada}
people:
  - {id: ada, display_name: Ada}
  - {id: bo, display_name: Bo}
teams:
  - {id: web, display_name: Web, members: [bo]}
cycles:
  - {id: old, display_name: Old, start_date: -100d, end_date: -10d, state: CLOSED}
  - {id: new, display_name: New, start_date: -9d, end_date: +80d, state: ACTIVE}
objectives:
  - id: grow
    title: Grow
    owner: teams/web
    cycle: old
    key_results:
      - id: nps
        title: They like us
        metric: {baseline: 10, target: 40}
        grade: {score: 0.5, reason: Half of it}
        check_ins:
          - {id: slip, on: -50d, by: bo, value: 99}
          - {corrects: slip, by: bo, value: 29, correction_reason: A slip}
  - id: top
    title: Top
    owner: people/ada
    cycle: new
    alignments: [{parent: grow, weight: 2}]
    key_results: [{id: a, title: A, milestones: [{id: x, title: X}]}]
)";

TEST_F(OkrctlTest, ApplyBuildsTheWholeOrganization) {
  const Result result = Run({"apply", "-f", Write(kPlan)});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out,
            "created 1 organization, 1 person, 1 team, 2 cycles, 2 objectives, 2 key results; "
            "activated 2 cycles, 2 objectives; recorded 2 check-ins; opened for grading 1 cycle; "
            "graded 1 key result; closed 1 cycle; aligned 1 objective\n");
  const auto cycle =
      std::dynamic_pointer_cast<directory::v1::Cycle>(suite_.Find("organizations/acme/cycles/old"));
  EXPECT_EQ(cycle->state(), directory::v1::CYCLE_STATE_CLOSED);
}

TEST_F(OkrctlTest, ApplyTwiceChangesNothing) {
  const std::string plan = Write(kPlan);
  ASSERT_EQ(Run({"apply", "-f", plan}).code, 0);
  const size_t before = suite_.calls().size();
  EXPECT_EQ(Run({"apply", "-f", plan}).out, "nothing to change\n");
  const auto calls = suite_.calls();
  for (size_t i = before; i < calls.size(); ++i) {
    EXPECT_THAT(calls[i].method,
                ::testing::AnyOf(::testing::StartsWith("Get"), ::testing::StartsWith("List")));
  }
}

TEST_F(OkrctlTest, ApplyOnAnotherDayKeepsTheDaysOfTheFirst) {
  const std::string plan = Write(kPlan);
  ASSERT_EQ(Run({"apply", "-f", plan}).code, 0);
  clock_.Advance(absl::Hours(24 * 5));
  EXPECT_EQ(Run({"apply", "-f", plan}).out, "nothing to change\n");
}

TEST_F(OkrctlTest, ApplyUpdatesWhatDiffers) {
  ASSERT_EQ(Run({"apply", "-f", Write(kPlan)}).code, 0);
  std::string changed = kPlan;
  changed.replace(changed.find("title: Top"), 10, "title: Peak");
  EXPECT_EQ(Run({"apply", "-f", Write(changed)}).out, "updated 1 objective\n");
  const auto objective = std::dynamic_pointer_cast<goals::v1::Objective>(
      suite_.Find("organizations/acme/objectives/top"));
  EXPECT_EQ(objective->title(), "Peak");
  EXPECT_EQ(objective->owner(), "organizations/acme/people/ada");
}

TEST_F(OkrctlTest, ApplyCanBeRepeatedAfterAFailure) {
  suite_.set_refusal([this](const std::string& method) {
    return method == "BatchCreateCheckIns" ? grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no")
                                           : grpc::Status::OK;
  });
  EXPECT_EQ(Run({"apply", "-f", Write(kPlan)}).code, 1);
  suite_.set_refusal(nullptr);
  EXPECT_EQ(Run({"apply", "-f", folder_ + "/plan.yaml"}).code, 0);
  EXPECT_NE(suite_.Find("organizations/acme/objectives/grow/keyResults/nps/checkIns/slip"),
            nullptr);
}

TEST_F(OkrctlTest, PeopleCheckInThemselves) {
  ASSERT_EQ(Run({"apply", "-f", Write(kPlan)}).code, 0);
  std::string administrator;
  std::string author;
  for (const auto& call : suite_.calls()) {
    if (call.method == "CreateObjective") administrator = call.token;
    if (call.method == "BatchCreateCheckIns") author = call.token;
  }
  EXPECT_NE(author, "");
  EXPECT_NE(author, administrator);
}

TEST_F(OkrctlTest, ApplyNamesAllErrorsOfTheFileAndDoesNothing) {
  const Result result =
      Run({"apply", "-f", Write("organization: {id: acme}\npeple: []\nteems: []\n")});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err,
              HasSubstr("plan.yaml:2:1: \"peple\" is unknown here; did you mean \"people\"?"));
  EXPECT_THAT(result.err,
              HasSubstr("plan.yaml:3:1: \"teems\" is unknown here; did you mean \"teams\"?"));
  EXPECT_TRUE(suite_.calls().empty());
}

TEST_F(OkrctlTest, BootstrapTwiceSaysThatItIsThere) {
  EXPECT_THAT(Run({"admin", "bootstrap", "--display-name", "Acme"}).out, HasSubstr("Made"));
  const Result again = Run({"admin", "bootstrap", "--display-name", "Acme"});
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.out, HasSubstr("is there already"));
}

TEST_F(OkrctlTest, FlagsMakeAResource) {
  const Result result =
      Run({"create", "key-result", "grow/nps", "--title", "They like us", "--metric-baseline", "-5",
           "--metric-target", "40", "--commitment", "committed", "-o", "json"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\"baseline\": -5"));
  EXPECT_THAT(result.out, HasSubstr("\"commitment\": \"COMMITMENT_COMMITTED\""));
}

TEST_F(OkrctlTest, UpdateSendsOnlyWhatWasGiven) {
  ASSERT_EQ(Run({"create", "objective", "grow", "--title", "Grow", "--why", "So"}).code, 0);
  ASSERT_EQ(Run({"update", "objective", "grow", "--title", "Thrive"}).code, 0);
  const auto request =
      std::dynamic_pointer_cast<goals::v1::UpdateObjectiveRequest>(suite_.calls().back().request);
  ASSERT_EQ(request->update_mask().paths_size(), 1);
  EXPECT_EQ(request->update_mask().paths(0), "title");
  EXPECT_NE(request->objective().etag(), "");
}

TEST_F(OkrctlTest, ListsAreArraysInJson) {
  ASSERT_EQ(Run({"create", "objective", "grow", "--title", "Grow"}).code, 0);
  EXPECT_THAT(Run({"list", "objectives", "-o", "json"}).out, ::testing::StartsWith("[\n  {"));
  EXPECT_EQ(Run({"list", "teams", "-o", "json"}).out, "[]\n");
  EXPECT_EQ(Run({"list", "teams"}).out, "no teams\n");
}

TEST_F(OkrctlTest, CheckInTakesNegativeValuesAndCommas) {
  const Result result = Run({"checkin", "grow/nps", "--value", "-5", "--confidence", "0.7"});
  ASSERT_EQ(result.code, 0) << result.err;
  auto request =
      std::dynamic_pointer_cast<checkins::v1::CreateCheckInRequest>(suite_.calls().back().request);
  EXPECT_EQ(request->check_in().value(), -5);
  ASSERT_EQ(Run({"checkin", "grow/steps", "--milestones-done", "a, b"}).code, 0);
  request =
      std::dynamic_pointer_cast<checkins::v1::CreateCheckInRequest>(suite_.calls().back().request);
  EXPECT_EQ(request->check_in().milestones_done().ids(1), "b");
}

TEST_F(OkrctlTest, SaysWhyTlsDoesNotComeAbout) {
  ASSERT_OK_AND_ASSIGN(const auto authority, okr::testing::CertificateAuthority::Make());
  ASSERT_OK(WriteFile(folder_ + "/ca.crt", authority->pem(), 0600));
  const std::string ca = "--ca-file=" + folder_ + "/ca.crt";
  const Result plain = Run({"get", "objective", "grow", ca});
  EXPECT_EQ(plain.code, 3);
  EXPECT_THAT(plain.err, HasSubstr("the server speaks no TLS; leave out tls and ca_file"));
  EXPECT_EQ(Run({"health", ca}).code, 3);
  const Result missing = Run({"get", "objective", "grow", "--ca-file=/nowhere/ca.crt"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("ca_file: \"/nowhere/ca.crt\" cannot be used"));
  EXPECT_EQ(Run({"config", "show", "--ca-file=/nowhere/ca.crt"}).code, 0);
}

TEST_F(OkrctlTest, WrongUsageIsTold) {
  EXPECT_EQ(Run({}).code, 2);
  EXPECT_EQ(Run({"fly"}).code, 2);
  EXPECT_EQ(Run({"grade", "grow/nps"}).code, 2);
  EXPECT_THAT(Run({"aply"}).err, HasSubstr("did you mean \"apply\"?"));
  EXPECT_THAT(Run({"create", "objective", "--titel", "x"}).err,
              HasSubstr("did you mean \"--title\"?"));
}

TEST_F(OkrctlTest, CompletionKnowsCommandsAndFlags) {
  const std::string script = Run({"completion", "bash"}).out;
  EXPECT_THAT(script, HasSubstr("'checkin') echo '"));
  EXPECT_THAT(script, HasSubstr("--milestones-done"));
  EXPECT_THAT(script, HasSubstr("'get objective') echo 'objectives'"));
}

}  // namespace
}  // namespace okr::cli
