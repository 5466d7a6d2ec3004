// The whole suite with TLS everywhere, and nobody served without a client certificate.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/company.h"

namespace okr::testing {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(60);

class TlsSuite : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = Suite::Start({.tls = true});
    ASSERT_TRUE(started.ok()) << started.status();
    suite_ = started->release();
  }
  static void TearDownTestSuite() {
    delete suite_;
    suite_ = nullptr;
  }

  // What okrctl says to `more` when it asks whether goals serves, and its exit code.
  static std::pair<int, std::string> AskHealth(const std::vector<std::string>& more) {
    const auto directory = TempDirectory::Make();
    const std::string log = (*directory)->path() + "/log";
    std::vector<std::string> arguments = {ProgramPath("okrctl"), "health", "--address",
                                          suite_->address("goals")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto okrctl = ChildProcess::Start(
        {.arguments = arguments, .environment = {"OKRCTL_CONFIG=/nowhere"}, .log_path = log});
    const auto code = (*okrctl)->Wait(absl::Now() + kPatience);
    return {code.value_or(-1), TailOf(log)};
  }

  inline static Suite* suite_ = nullptr;
};

TEST_F(TlsSuite, ACheckInBecomesAScoreOverRedis) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  ASSERT_OK(company.CheckIn("ben", "o", 40));
  Eventually([&] { return company.KeyResultScore("ben", "o"); },
             [](const auto& score) { return score.progress() == 0.4; }, kPatience);
}

TEST_F(TlsSuite, WithoutRedisServicesReadEachOthersLogsOverTls) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  ASSERT_OK(suite_->redis().Kill());
  ASSERT_OK(company.CheckIn("ben", "o", 40));
  Eventually([&] { return company.KeyResultScore("ben", "o"); },
             [](const auto& score) { return score.progress() == 0.4; }, kPatience);
  ASSERT_OK(suite_->redis().Start());
}

TEST_F(TlsSuite, OkrctlServesContainersAndSaysWhatIsMissing) {
  const SecretFolder& files = suite_->certificates();
  const std::vector<std::string> good = {"--ca-file",         files.ca(),   "--certificate-file",
                                         files.certificate(), "--key-file", files.key(),
                                         "--service=liveness"};
  EXPECT_EQ(AskHealth(good).first, 0) << AskHealth(good).second;
  const auto plain = AskHealth({});
  EXPECT_EQ(plain.first, 3);
  EXPECT_THAT(plain.second, HasSubstr("the server expects TLS; set ca_file"));
  const auto anonymous = AskHealth({"--ca-file", files.ca()});
  EXPECT_EQ(anonymous.first, 3);
  EXPECT_THAT(anonymous.second, HasSubstr("wants a client certificate; set certificate_file"));
  const auto unbelieving = AskHealth({"--tls=true"});
  EXPECT_EQ(unbelieving.first, 3);
  EXPECT_THAT(unbelieving.second, HasSubstr("not among the system's authorities; set ca_file"));
}

// Each call over a new connection, while authority and certificates are replaced the way that is
// safe: first believe both, then show the new one, then forget the old one.
TEST_F(TlsSuite, RotationUnderLoadLosesNoCall) {
  Company company(*suite_);
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  ASSERT_OK_AND_ASSIGN(const auto next, CertificateAuthority::Make("next"));
  std::atomic<bool> done = false;
  std::array<std::atomic<int>, 3> calls = {};
  std::vector<std::thread> callers;
  for (std::atomic<int>& count : calls) {
    callers.emplace_back([&] {
      do {
        Caller ben(*suite_, company.identity("ben"));
        checkins::v1::CreateCheckInRequest request;
        request.set_parent(company.KeyResultOf("o"));
        request.mutable_check_in()->set_value(50);
        EXPECT_OK(Send(ben, request));
        count.fetch_add(1);
      } while (!done);
    });
  }
  const std::string both = suite_->authority().pem() + next->pem();
  const std::vector<std::pair<const CertificateAuthority*, std::string>> steps = {
      {&suite_->authority(), both}, {next.get(), both}, {next.get(), next->pem()}};
  for (const auto& [issuer, believed] : steps) {
    EXPECT_OK(suite_->PutCertificates(*issuer, believed));
    // Everybody has begun a call since, and ended it.
    for (const std::atomic<int>& count : calls) {
      const int before = count;
      while (count < before + 2) std::this_thread::yield();
    }
  }
  done = true;
  for (std::thread& caller : callers) caller.join();
  // The services, too, reach each other with what is new: scoring takes the last of it.
  ASSERT_OK(suite_->redis().Kill());
  ASSERT_OK(company.CheckIn("ben", "o", 90));
  Eventually([&] { return company.KeyResultScore("ben", "o"); },
             [](const auto& score) { return score.progress() == 0.9; }, kPatience);
  ASSERT_OK(suite_->redis().Start());
}

}  // namespace
}  // namespace okr::testing
