// A whole process: settings, tokens, signals and exit codes.
#include "common/rpc/runtime.h"

#include <signal.h>

#include <algorithm>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "common/auth/development_issuer.h"
#include "common/rpc/channel.h"
#include "common/testing/certificate_authority.h"
#include "common/testing/child_process.h"
#include "common/testing/exposition.h"
#include "common/testing/http_get.h"
#include "common/testing/status_matchers.h"
#include "common/testing/temp_directory.h"
#include "okr/notifications/v1/notifications_service.pb.h"

namespace okr::rpc {
namespace {

using okr::notifications::v1::ListNotificationsRequest;
using okr::notifications::v1::ListNotificationsResponse;
using okr::testing::ChildProcess;
using okr::testing::HasReason;

constexpr char kList[] = "/okr.notifications.v1.NotificationsService/ListNotifications";
constexpr absl::Duration kPatience = absl::Seconds(30);

class RuntimeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(directory_, testing::TempDirectory::Make());
    ASSERT_OK(auth::DevelopmentIssuer::GenerateKey(directory_->path()));
    Write("issuers.yaml", "issuers: [{issuer: dev, audience: okr, jwks: jwks.json}]\n");
    Write("page-token.key", std::string(64, 'k') + "\n");
    Write("service.token", Token("acme"));
  }

  std::string Path(const std::string& name) const { return directory_->path() + "/" + name; }
  std::string Address() const { return "unix:" + Path("socket"); }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name)) << text;
  }
  std::string Token(const std::string& organization) const {
    const auto issuer = auth::DevelopmentIssuer::Load(directory_->path());
    return issuer
        ->Mint({.issuer = "dev", .audience = "okr", .subject = "ann", .organization = organization},
               absl::Hours(1), absl::Now())
        .value();
  }

  std::unique_ptr<ChildProcess> Start(const std::vector<std::string>& more) const {
    ChildProcess::Options options{
        .arguments = {OKR_RUNTIME_TEST_PROGRAM, "--listen=" + Address()},
        .environment = {"OKR_DATABASE_URL=host=/nowhere", "OKR_RELAY_DATABASE_URL=host=/nowhere",
                        "OKR_REDIS_URL=unix:///nowhere",
                        "OKR_TOKEN_ISSUERS_FILE=" + Path("issuers.yaml"),
                        "OKR_PAGE_TOKEN_KEY_FILE=" + Path("page-token.key"),
                        "OKR_SERVICE_TOKEN_FILE=" + Path("service.token")},
        .log_path = Path("log")};
    options.arguments.insert(options.arguments.end(), more.begin(), more.end());
    auto process = ChildProcess::Start(options);
    EXPECT_OK(process);
    return process.ok() ? *std::move(process) : nullptr;
  }
  std::optional<int> ExitCodeOf(const std::vector<std::string>& more) const {
    return Start(more)->Wait(absl::Now() + kPatience);
  }
  // Waits for the line that tells it; 0 if it does not come.
  int AdminPort() const {
    const absl::Time end = absl::Now() + kPatience;
    int port = testing::AdminPortIn(Log());
    while (port == 0 && absl::Now() < end) {
      absl::SleepFor(absl::Milliseconds(10));
      port = testing::AdminPortIn(Log());
    }
    return port;
  }
  static bool AwaitPage(int port, const std::string& path, int status) {
    const absl::Time end = absl::Now() + kPatience;
    while (absl::Now() < end) {
      const auto answer = testing::HttpGet(port, path);
      if (answer.ok() && answer->status == status) return true;
      absl::SleepFor(absl::Milliseconds(10));
    }
    return false;
  }

  std::string Log() const { return testing::TailOf(Path("log")); }

  // Tries until the process has come up.
  absl::StatusOr<ListNotificationsResponse> List(
      const std::string& token, const std::shared_ptr<tls::Watched>& tls = nullptr) const {
    const auto channel =
        Channel::Create({.address = Address(), .token = [token] { return token; }, .tls = tls});
    ListNotificationsRequest request;
    request.set_parent("organizations/acme/people/ann");
    const absl::Time end = absl::Now() + kPatience;
    for (;;) {
      auto response =
          CallUnary<ListNotificationsRequest, ListNotificationsResponse>(*channel, kList, request);
      if (!absl::IsUnavailable(response.status()) || absl::Now() > end) return response;
    }
  }

  std::unique_ptr<testing::TempDirectory> directory_;
};

TEST_F(RuntimeTest, ServesUntilSigterm) {
  const auto process = Start({"--unread=12"});
  ASSERT_OK_AND_ASSIGN(const auto response, List(Token("acme")));
  EXPECT_EQ(response.unread_count(), 12);
  process->Signal(SIGTERM);
  EXPECT_EQ(process->Wait(absl::Now() + kPatience), 0) << Log();
  EXPECT_TRUE(absl::StrContains(Log(), "\"signal\":\"SIGTERM\"")) << Log();
}

TEST_F(RuntimeTest, VerifiesTokens) {
  const auto process = Start({});
  EXPECT_THAT(List(Token("globex")), HasReason("WRONG_ORGANIZATION"));
  EXPECT_THAT(List("forged"), HasReason("TOKEN_MALFORMED"));
}

TEST_F(RuntimeTest, RefusesUnknownSettings) {
  EXPECT_EQ(ExitCodeOf({"--unreed=12"}), 2);
  EXPECT_TRUE(absl::StrContains(Log(), "did you mean --unread?")) << Log();
}

TEST(Runtime, TellsWrongSettingsFromOtherFailuresByItsExitCode) {
  const Runtime runtime("okr-test", "");
  EXPECT_EQ(runtime.Fail(InvalidFields({{"--redis-url", "expected redis://..."}})), 2);
  EXPECT_EQ(runtime.Fail(absl::UnavailableError("the address is in use")), 1);
}

class RuntimeTlsTest : public RuntimeTest {
 protected:
  void SetUp() override {
    RuntimeTest::SetUp();
    ASSERT_OK_AND_ASSIGN(const auto authority, testing::CertificateAuthority::Make());
    ASSERT_OK_AND_ASSIGN(const auto issued, authority->Issue());
    ASSERT_OK_AND_ASSIGN(const auto other, authority->Issue());
    Write("tls.crt", issued.certificate);
    Write("tls.key", issued.key);
    Write("other.key", other.key);
    Write("ca.crt", authority->pem());
  }
  // The process ends, and its only line says all of this.
  void ExpectRefused(const std::vector<std::string>& settings,
                     const std::vector<std::string>& said) {
    Write("log", "");
    EXPECT_EQ(ExitCodeOf(settings), 2);
    const std::string log = Log();
    for (const std::string& part : said) EXPECT_TRUE(absl::StrContains(log, part)) << log;
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
  }
  std::string Certificate() const { return "--tls-certificate-file=" + Path("tls.crt"); }
  std::string Key(const std::string& name = "tls.key") const {
    return "--tls-key-file=" + Path(name);
  }
  std::string ClientCa() const { return "--tls-client-ca-file=" + Path("ca.crt"); }
};

TEST_F(RuntimeTlsTest, Serves) {
  const auto process =
      Start({Certificate(), Key(), ClientCa(), "--tls-client-certificates=optional",
             "--services-ca-file=" + Path("ca.crt")});
  ASSERT_OK_AND_ASSIGN(const auto watched,
                       tls::Watched::Open("test", {.ca = {"", Path("ca.crt")}}));
  ASSERT_OK_AND_ASSIGN(const auto response, List(Token("acme"), watched));
  EXPECT_EQ(response.unread_count(), 0);
}

TEST_F(RuntimeTlsTest, RefusesFilesThatCannotBeUsed) {
  ExpectRefused({"--tls-certificate-file=/nowhere/tls.crt", Key()},
                {"okr-test: --tls-certificate-file: \"/nowhere/tls.crt\" cannot be used", "give"});
  ExpectRefused({Certificate(), Key("page-token.key")},
                {"--tls-key-file: \"" + Path("page-token.key"), "holds no PEM private key"});
  ExpectRefused({Certificate(), Key("other.key")},
                {"--tls-key-file: \"" + Path("other.key"), "is not the key of"});
  ExpectRefused({"--services-ca-file=" + Path("tls.key")},
                {"--services-ca-file: \"" + Path("tls.key"), "holds no PEM certificate"});
}

TEST_F(RuntimeTlsTest, RefusesSettingsThatDoNotGoTogether) {
  ExpectRefused({Certificate()}, {"--tls-key-file: is missing", "set both, or neither"});
  ExpectRefused({Key()}, {"--tls-certificate-file: is missing", "set both, or neither"});
  ExpectRefused({Certificate(), Key(), "--tls-client-certificates=required"},
                {"--tls-client-ca-file: is missing", "or set that to none"});
  ExpectRefused({Certificate(), Key(), ClientCa()}, {"--tls-client-ca-file:", "has no effect"});
  ExpectRefused({ClientCa(), "--tls-client-certificates=required"},
                {"--tls-certificate-file: is missing"});
  ExpectRefused({"--services-key-file=" + Path("tls.key")}, {"--services-ca-file: is missing"});
  ExpectRefused({Certificate(), Key(), "--listen=localhost:0"},
                {"--listen: \"localhost:0\" is no IP address", "0.0.0.0:7443"});
}

TEST_F(RuntimeTest, RefusesWrongIssuers) {
  Write("issuers.yaml", "issuers: [{issuer: dev, audience: okr}]\n");
  EXPECT_EQ(ExitCodeOf({}), 2);
  EXPECT_TRUE(absl::StrContains(Log(), "okr-test: issuers[0].jwks: expected a text")) << Log();
}

TEST_F(RuntimeTest, RefusesToExportSpansWhereItCannot) {
  EXPECT_EQ(ExitCodeOf({"--otlp-endpoint=http://127.0.0.1:4317"}), 2);
  EXPECT_TRUE(absl::StrContains(Log(), "okr-test: --otlp-endpoint is set, but")) << Log();
}

TEST_F(RuntimeTest, TellsWhatItCannotListenOn) {
  EXPECT_EQ(ExitCodeOf({"--listen=203.0.113.1:80"}), 1);
  EXPECT_TRUE(absl::StrContains(Log(), "okr-test: cannot listen on 203.0.113.1:80")) << Log();
}

TEST_F(RuntimeTest, ServesTheAdminPort) {
  const auto process = Start({"--admin-listen=127.0.0.1:0", "--shutdown-delay=2s"});
  const int port = AdminPort();
  ASSERT_GT(port, 0) << Log();
  EXPECT_TRUE(AwaitPage(port, "/readyz", 200)) << Log();
  ASSERT_OK_AND_ASSIGN(const auto shown, testing::HttpGet(port, "/metrics"));
  EXPECT_TRUE(absl::StrContains(shown.body, "okr_build_info{service=\"okr-test\",version=\"0."))
      << shown.body;
  EXPECT_TRUE(testing::ValueOf(shown.body, "process_start_time_seconds").has_value());
  process->Signal(SIGTERM);
  EXPECT_TRUE(AwaitPage(port, "/readyz", 503)) << Log();
  EXPECT_TRUE(AwaitPage(port, "/livez", 200)) << Log();
  EXPECT_EQ(process->Wait(absl::Now() + kPatience), 0) << Log();
}

TEST_F(RuntimeTest, RefusesAWrongAdminAddress) {
  EXPECT_EQ(ExitCodeOf({"--admin-listen=9464"}), 2);
  EXPECT_TRUE(absl::StrContains(Log(), "--admin-listen: ")) << Log();
  EXPECT_TRUE(absl::StrContains(Log(), "expected host:port")) << Log();
}

TEST_F(RuntimeTest, ChecksTheHealthOfTheProcessBesideIt) {
  const auto process = Start({"--admin-listen=127.0.0.1:0", "--shutdown-delay=2s"});
  const int port = AdminPort();
  ASSERT_GT(port, 0) << Log();
  ASSERT_TRUE(AwaitPage(port, "/readyz", 200));
  const std::string beside = absl::StrCat("--admin-listen=0.0.0.0:", port);
  EXPECT_EQ(ExitCodeOf({"--check-health", beside}), 0) << Log();
  process->Signal(SIGTERM);
  ASSERT_TRUE(AwaitPage(port, "/readyz", 503));
  EXPECT_EQ(ExitCodeOf({"--check-health", beside}), 1);
  EXPECT_TRUE(absl::StrContains(Log(), "okr-test: not ready: ")) << Log();
  EXPECT_EQ(process->Wait(absl::Now() + kPatience), 0);
  EXPECT_EQ(ExitCodeOf({"--check-health", beside}), 1);
  EXPECT_TRUE(absl::StrContains(Log(), "nobody answers on the admin port")) << Log();
}

TEST_F(RuntimeTest, ChecksNoHealthWithoutAnAdminPort) {
  EXPECT_EQ(ExitCodeOf({"--check-health"}), 2);
  EXPECT_TRUE(absl::StrContains(Log(), "set --admin-listen as well")) << Log();
}

TEST_F(RuntimeTest, TellsThatTheAdminPortIsTaken) {
  const auto first = Start({"--admin-listen=127.0.0.1:0"});
  const std::string address = absl::StrCat("127.0.0.1:", AdminPort());
  EXPECT_EQ(ExitCodeOf({"--listen=unix:" + Path("other"), "--admin-listen=" + address}), 1);
  EXPECT_TRUE(absl::StrContains(Log(), "--admin-listen: cannot listen on " + address)) << Log();
}

TEST_F(RuntimeTest, PrintsHelp) {
  EXPECT_EQ(ExitCodeOf({"--help"}), 0);
  EXPECT_TRUE(absl::StrContains(Log(), "--unread")) << Log();
}

}  // namespace
}  // namespace okr::rpc
