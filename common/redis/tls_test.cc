// TLS to a real Redis.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/redis/client.h"
#include "common/redis/error.h"
#include "common/redis/url.h"
#include "common/testing/certificate_authority.h"
#include "common/testing/private_redis.h"
#include "common/testing/status_matchers.h"

namespace okr::redis {
namespace {

using okr::testing::CertificateAuthority;
using okr::testing::CertificateRequest;
using okr::testing::NamesField;
using okr::testing::PrivateRedis;
using okr::testing::SecretFolder;
using okr::testing::TempDirectory;
using ::testing::HasSubstr;

class RedisTls : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(authority_, CertificateAuthority::Make("ours"));
    ASSERT_OK_AND_ASSIGN(other_, CertificateAuthority::Make("others"));
    ASSERT_OK_AND_ASSIGN(directory_, TempDirectory::Make());
    server_files_ = std::make_unique<SecretFolder>(directory_->path() + "/server");
    client_files_ = std::make_unique<SecretFolder>(directory_->path() + "/client");
    ASSERT_OK(Put(*server_files_, *authority_));
    ASSERT_OK(Put(*client_files_, *authority_));
  }

  absl::Status Put(SecretFolder& folder, const CertificateAuthority& issuer,
                   const CertificateRequest& request = {}) {
    const auto issued = issuer.Issue(request);
    if (!issued.ok()) return issued.status();
    return folder.Put(*issued, authority_->pem());
  }

  // With the first port that is free; its own choice of one could not be found out.
  void Start(const std::string& client_certificates = "no",
             const std::vector<std::string>& more = {}) {
    for (int port = 20000 + static_cast<int>(getpid() % 20000);; ++port) {
      std::vector<std::string> arguments = {"--tls-port",         absl::StrCat(port),
                                            "--tls-cert-file",    server_files_->certificate(),
                                            "--tls-key-file",     server_files_->key(),
                                            "--tls-ca-cert-file", server_files_->ca(),
                                            "--tls-auth-clients", client_certificates};
      arguments.insert(arguments.end(), more.begin(), more.end());
      auto server = PrivateRedis::Make(arguments);
      const bool taken = absl::StrContains(server.status().message(), "Address already in use");
      if (taken) continue;
      ASSERT_OK(server);
      server_ = *std::move(server);
      port_ = port;
      return;
    }
  }

  Settings SettingsFor(const std::string& host = "127.0.0.1") const {
    return {.url = absl::StrCat("rediss://", host, ":", port_), .ca_file = client_files_->ca()};
  }
  static absl::Status Ping(const Settings& settings) {
    const auto options = ReadSettings(settings);
    if (!options.ok()) return options.status();
    return Client({.connection = *options}).Command({"PING"}).status();
  }
  static void ExpectRefused(const Settings& settings, const std::string& why) {
    const absl::Status status = Ping(settings);
    EXPECT_THAT(status, okr::testing::HasReason("REDIS_UNAVAILABLE"));
    EXPECT_THAT(LogDetailOf(status), HasSubstr(why));
  }

  std::unique_ptr<CertificateAuthority> authority_;
  std::unique_ptr<CertificateAuthority> other_;
  std::unique_ptr<TempDirectory> directory_;
  std::unique_ptr<SecretFolder> server_files_;
  std::unique_ptr<SecretFolder> client_files_;
  std::unique_ptr<PrivateRedis> server_;
  int port_ = 0;
};

TEST_F(RedisTls, IsSpokenByAddressAndByName) {
  Start();
  EXPECT_OK(Ping(SettingsFor("127.0.0.1")));
  EXPECT_OK(Ping(SettingsFor("localhost")));
}

TEST_F(RedisTls, CarriesWhatIsLargerThanARecordAndManyCommandsAtOnce) {
  Start();
  ASSERT_OK_AND_ASSIGN(const Options options, ReadSettings(SettingsFor()));
  Client client({.connection = options});
  const std::string large(5 << 20, 'x');
  ASSERT_OK_AND_ASSIGN(const auto replies,
                       client.Pipeline({{"SET", "k", large}, {"GET", "k"}, {"ECHO", "end"}}));
  EXPECT_EQ(replies[1].text(), large);
  EXPECT_EQ(replies[2].text(), "end");
  const std::vector<Arguments> many(2000, {"ECHO", "0123456789"});
  ASSERT_OK_AND_ASSIGN(const auto echoes, client.Pipeline(many));
  EXPECT_EQ(echoes.back().text(), "0123456789");
}

TEST_F(RedisTls, UsesAConnectionAgainAndSeesItsEnd) {
  Start();
  ASSERT_OK_AND_ASSIGN(const Options options, ReadSettings(SettingsFor()));
  ASSERT_OK_AND_ASSIGN(const auto connection, Connection::Open(options));
  const auto soon = [] { return absl::Now() + absl::Seconds(10); };
  ASSERT_OK(connection->Command({"PING"}, soon()));
  // The tickets that TLS 1.3 sends after the handshake are no end.
  EXPECT_TRUE(connection->CheckAlive());
  ASSERT_OK(connection->Command({"PING"}, soon()));
  EXPECT_TRUE(connection->CheckAlive());
  ASSERT_OK(server_->Kill());
  const absl::Time deadline = soon();
  while (connection->CheckAlive() && absl::Now() < deadline) continue;
  EXPECT_TRUE(connection->broken());
}

TEST_F(RedisTls, BlockedCommandsHaveTheirDeadline) {
  Start();
  ASSERT_OK_AND_ASSIGN(Options options, ReadSettings(SettingsFor()));
  options.command_timeout = absl::Milliseconds(100);
  Client client({.connection = options});
  EXPECT_THAT(client.Command({"BLPOP", "none", "0"}), okr::testing::HasReason("REDIS_UNAVAILABLE"));
}

TEST_F(RedisTls, ASilentServerDoesNotHoldTheHandshake) {
  Start();
  ASSERT_OK_AND_ASSIGN(Options options, ReadSettings(SettingsFor()));
  options.connect_timeout = absl::Milliseconds(200);
  server_->Pause();
  EXPECT_THAT(LogDetailOf(Connection::Open(options).status()), HasSubstr("in time"));
  server_->Resume();
}

TEST_F(RedisTls, AServerOfAnotherAuthorityIsNotBelieved) {
  ASSERT_OK(Put(*server_files_, *other_));
  Start();
  ExpectRefused(SettingsFor(), "certificate is not believed: unable to get local issuer");
}

TEST_F(RedisTls, WithoutAnAuthorityTheSystemsAreBelieved) {
  Start();
  Settings settings = SettingsFor();
  settings.ca_file = "";
  ExpectRefused(settings, "certificate is not believed");
}

TEST_F(RedisTls, AnExpiredServerIsNotBelieved) {
  ASSERT_OK(Put(*server_files_, *authority_, {.from = -absl::Hours(2), .until = -absl::Hours(1)}));
  Start();
  ExpectRefused(SettingsFor(), "certificate has expired");
}

TEST_F(RedisTls, AServerOfAnotherNameIsNotBelieved) {
  ASSERT_OK(Put(*server_files_, *authority_, {.names = "DNS:elsewhere"}));
  Start();
  ExpectRefused(SettingsFor("127.0.0.1"), "IP address mismatch");
  ExpectRefused(SettingsFor("localhost"), "hostname mismatch");
}

TEST_F(RedisTls, DemandedClientCertificates) {
  Start("yes");
  EXPECT_THAT(Ping(SettingsFor()), okr::testing::HasReason("REDIS_UNAVAILABLE"));
  Settings settings = SettingsFor();
  settings.certificate_file = client_files_->certificate();
  settings.key_file = client_files_->key();
  EXPECT_OK(Ping(settings));
  // Replaced files are in use from the next connection on.
  ASSERT_OK(Put(*client_files_, *other_));
  EXPECT_THAT(Ping(settings), okr::testing::HasReason("REDIS_UNAVAILABLE"));
}

TEST_F(RedisTls, PasswordsComeFromTheUrlOrTheSetting) {
  Start("no", {"--requirepass", "right"});
  Settings settings = SettingsFor(":wrong@127.0.0.1");
  EXPECT_THAT(Ping(settings), okr::testing::HasReason("REDIS_UNAVAILABLE"));
  settings.password = "right";
  EXPECT_OK(Ping(settings));
}

TEST_F(RedisTls, AServerWithoutItIsToldOf) {
  ASSERT_OK_AND_ASSIGN(server_, PrivateRedis::Make());
  for (port_ = 30000 + static_cast<int>(getpid() % 10000);; ++port_) {
    Client config({.connection = server_->options()});
    if (config.Command({"CONFIG", "SET", "port", absl::StrCat(port_)}).ok()) break;
  }
  ExpectRefused(SettingsFor(), "does the server speak TLS?");
}

TEST_F(RedisTls, FilesThatCannotBeUsedStopTheStart) {
  Settings settings{.url = "rediss://localhost", .ca_file = "/nowhere/ca.crt"};
  EXPECT_THAT(ReadSettings(settings), NamesField("--redis-ca-file"));
  settings.ca_file = client_files_->ca();
  settings.certificate_file = client_files_->certificate();
  EXPECT_THAT(ReadSettings(settings), NamesField("--redis-key-file"));
}

}  // namespace
}  // namespace okr::redis
