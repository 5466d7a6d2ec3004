// TLS between real servers and clients: who is believed, who is not and what they are told, and
// certificates that are replaced meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/log/logger.h"
#include "common/rpc/channel.h"
#include "common/rpc/library_logs.h"
#include "common/rpc/test_server.h"
#include "common/rpc/test_stream.h"
#include "common/rpc/tls_credentials.h"
#include "common/testing/certificate_authority.h"
#include "common/testing/temp_directory.h"
#include "common/tls/probe.h"

namespace okr::rpc {
namespace {

using okr::testing::CertificateAuthority;
using okr::testing::CertificateRequest;
using okr::testing::IssuedCertificate;
using okr::testing::SecretFolder;
using okr::testing::TempDirectory;
using ::testing::HasSubstr;

class Tls : public ::testing::Test {
 protected:
  // c-ares leaks some bytes with each name, which LeakSanitizer finds.
  static void SetUpTestSuite() { setenv("GRPC_DNS_RESOLVER", "native", 1); }
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(authority_, CertificateAuthority::Make("ours"));
    ASSERT_OK_AND_ASSIGN(other_, CertificateAuthority::Make("others"));
    ASSERT_OK_AND_ASSIGN(directory_, TempDirectory::Make());
    server_files_ = std::make_unique<SecretFolder>(directory_->path() + "/server");
    client_files_ = std::make_unique<SecretFolder>(directory_->path() + "/client");
    ASSERT_OK(Put(*server_files_, *authority_, *authority_));
    ASSERT_OK(Put(*client_files_, *authority_, *authority_));
  }
  void TearDown() override { log::SetDefault({.service = "test"}); }

  // A certificate of `issuer`, beside whom to believe.
  static absl::Status Put(SecretFolder& folder, const CertificateAuthority& issuer,
                          const CertificateAuthority& believed,
                          const CertificateRequest& request = {}) {
    const auto issued = issuer.Issue(request);
    if (!issued.ok()) return issued.status();
    return folder.Put(*issued, believed.pem());
  }

  static tls::Files FilesIn(const SecretFolder& folder) {
    return {.certificate = {"certificate_file", folder.certificate()},
            .key = {"key_file", folder.key()},
            .ca = {"ca_file", folder.ca()}};
  }
  static tls::Files AuthorityIn(const SecretFolder& folder) {
    return {.ca = {"ca_file", folder.ca()}};
  }

  void Start(ClientCertificates clients = ClientCertificates::kNone) {
    auto files = FilesIn(*server_files_);
    if (clients == ClientCertificates::kNone) files.ca.path = "";
    ASSERT_OK_AND_ASSIGN(server_.options.tls, tls::Watched::Open("server", files));
    server_.options.client_certificates = clients;
    ASSERT_OK(server_.Start());
  }

  std::string Address(const std::string& host = "127.0.0.1") {
    return absl::StrCat(host, ":", server_.server().port());
  }

  // Over a connection of its own.
  std::shared_ptr<grpc::Channel> Connection(const tls::Files& files, const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(address, ChannelCredentialsOf(tls::Read(files).value()),
                                     arguments);
  }
  static absl::Status CallOver(grpc::Channel& channel) {
    return CallBytes(channel, kList, ListOf("organizations/acme/people/ann").SerializeAsString())
        .status;
  }
  absl::Status CallWith(const tls::Files& files) { return CallOver(*Connection(files, Address())); }
  std::string Probe(const tls::Files& files, bool tls = true) {
    return tls::ProbeTls({.address = Address(), .tls = tls, .files = files});
  }
  // The call fails, and a person is told why.
  void ExpectRefused(const tls::Files& files, const std::string& why) {
    EXPECT_THAT(CallWith(files), testing::HasCode(absl::StatusCode::kUnavailable));
    EXPECT_THAT(Probe(files), HasSubstr(why));
  }

  std::unique_ptr<CertificateAuthority> authority_;
  std::unique_ptr<CertificateAuthority> other_;
  std::unique_ptr<TempDirectory> directory_;
  std::unique_ptr<SecretFolder> server_files_;
  std::unique_ptr<SecretFolder> client_files_;
  TestServer server_;
};

TEST_F(Tls, IsSpokenByAddressAndByName) {
  Start();
  const tls::Files files = AuthorityIn(*client_files_);
  for (const std::string& address :
       {Address(), Address("localhost"), Address("dns:///localhost")}) {
    EXPECT_OK(CallOver(*Connection(files, address))) << address;
    EXPECT_EQ(tls::ProbeTls({.address = address, .tls = true, .files = files}), "") << address;
  }
}

TEST_F(Tls, IsSpokenOverAUnixSocket) {
  server_.options.listen = "unix:" + directory_->path() + "/socket";
  Start();
  const tls::Files files = AuthorityIn(*client_files_);
  EXPECT_OK(CallOver(*Connection(files, server_.options.listen)));
  EXPECT_EQ(tls::ProbeTls({.address = server_.options.listen, .tls = true, .files = files}), "");
}

TEST_F(Tls, AServerOfAnotherAuthorityIsNotBelieved) {
  ASSERT_OK(Put(*client_files_, *authority_, *other_));
  Start();
  ExpectRefused(AuthorityIn(*client_files_), "not among ca_file");
}

TEST_F(Tls, ManyWhoFailWriteFewLines) {
  TakeOverLibraryLogs();
  std::atomic<int> lines = 0;
  log::SetDefault({.service = "test", .sink = [&lines](absl::string_view line) {
                     lines += absl::StrContains(line, "\"grpc\"") ? 1 : 0;
                   }});
  ASSERT_OK(Put(*client_files_, *authority_, *other_));
  Start();
  const absl::Time start = absl::Now();
  for (int i = 0; i < 200 || lines == 0; ++i) {
    EXPECT_NE(Probe(AuthorityIn(*client_files_)), "");
  }
  server_.server().Shutdown();
  const int64_t seconds = absl::ToInt64Seconds(absl::Now() - start);
  EXPECT_LE(lines, seconds + 2);
}

TEST_F(Tls, AnExpiredServerIsNotBelieved) {
  ASSERT_OK(Put(*server_files_, *authority_, *authority_,
                {.from = -absl::Hours(2), .until = -absl::Hours(1)}));
  Start();
  ExpectRefused(AuthorityIn(*client_files_), "has expired");
}

TEST_F(Tls, AServerOfTheFutureIsNotBelieved) {
  ASSERT_OK(Put(*server_files_, *authority_, *authority_, {.from = absl::Hours(1)}));
  Start();
  ExpectRefused(AuthorityIn(*client_files_), "not valid yet");
}

TEST_F(Tls, AServerOfAnotherNameIsNotBelieved) {
  ASSERT_OK(Put(*server_files_, *authority_, *authority_, {.names = "DNS:elsewhere,IP:10.0.0.1"}));
  Start();
  ExpectRefused(AuthorityIn(*client_files_), "is not for \"127.0.0.1\"");
}

TEST_F(Tls, AClientWithoutItIsRefused) {
  Start();
  const auto plain = grpc::CreateChannel(Address(), grpc::InsecureChannelCredentials());
  EXPECT_THAT(CallOver(*plain), testing::HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Probe({}, false), HasSubstr("expects TLS"));
}

TEST_F(Tls, AServerWithoutItIsRefused) {
  ASSERT_OK(server_.Start());
  ExpectRefused(AuthorityIn(*client_files_), "speaks no TLS");
  EXPECT_EQ(Probe({}, false), "");
}

TEST_F(Tls, RequiredClientCertificates) {
  Start(ClientCertificates::kRequired);
  EXPECT_OK(CallWith(FilesIn(*client_files_)));
  EXPECT_EQ(Probe(FilesIn(*client_files_)), "");
  ExpectRefused(AuthorityIn(*client_files_), "wants a client certificate");
  ASSERT_OK(Put(*client_files_, *other_, *authority_));
  ExpectRefused(FilesIn(*client_files_), "does not accept the certificate");
  ASSERT_OK(Put(*client_files_, *authority_, *authority_,
                {.from = -absl::Hours(2), .until = -absl::Hours(1)}));
  ExpectRefused(FilesIn(*client_files_), "does not accept the certificate");
}

TEST_F(Tls, OptionalClientCertificatesAreVerifiedWhereThereAreSome) {
  Start(ClientCertificates::kOptional);
  EXPECT_OK(CallWith(AuthorityIn(*client_files_)));
  EXPECT_OK(CallWith(FilesIn(*client_files_)));
  ASSERT_OK(Put(*client_files_, *other_, *authority_));
  ExpectRefused(FilesIn(*client_files_), "does not accept the certificate");
}

TEST_F(Tls, ANewCertificateIsShownToNewConnectionsAndOldOnesGoOn) {
  Start();
  const tls::Files files = AuthorityIn(*client_files_);
  const auto old = Connection(files, Address());
  ASSERT_OK(CallOver(*old));
  ASSERT_OK(Put(*server_files_, *other_, *authority_));
  EXPECT_THAT(CallWith(files), testing::HasCode(absl::StatusCode::kUnavailable));
  EXPECT_OK(CallOver(*old));
  ASSERT_OK(Put(*client_files_, *authority_, *other_));
  EXPECT_OK(CallWith(files));
  EXPECT_OK(CallOver(*old));
}

TEST_F(Tls, ABrokenNewPairLeavesTheOldOneInUseWithOneLine) {
  std::mutex mutex;
  std::vector<std::string> errors;
  log::SetDefault({.service = "test",
                   .min_severity = log::Severity::kError,
                   .sink = [&](absl::string_view line) {
                     const std::lock_guard lock(mutex);
                     errors.emplace_back(line);
                   }});
  Start();
  ASSERT_OK_AND_ASSIGN(const IssuedCertificate one, authority_->Issue());
  ASSERT_OK_AND_ASSIGN(const IssuedCertificate another, authority_->Issue());
  for (const IssuedCertificate& broken :
       {IssuedCertificate{one.certificate, another.key}, IssuedCertificate{"garbage", one.key}}) {
    ASSERT_OK(server_files_->Put(broken, ""));
    for (int i = 0; i < 3; ++i) EXPECT_OK(CallWith(AuthorityIn(*client_files_)));
    const std::lock_guard lock(mutex);
    EXPECT_THAT(errors, ::testing::ElementsAre(HasSubstr("new TLS files cannot be used")));
    errors.clear();
  }
  log::SetDefault({.service = "test"});
}

TEST_F(Tls, NewAuthoritiesOfClientsAreBelieved) {
  Start(ClientCertificates::kRequired);
  ASSERT_OK(Put(*client_files_, *other_, *authority_));
  EXPECT_FALSE(CallWith(FilesIn(*client_files_)).ok());
  ASSERT_OK(Put(*server_files_, *authority_, *other_));
  EXPECT_OK(CallWith(FilesIn(*client_files_)));
}

TEST_F(Tls, AChannelOutlivesTheChangeOfAuthorityAndCertificates) {
  Start(ClientCertificates::kRequired);
  ASSERT_OK_AND_ASSIGN(const auto watched, tls::Watched::Open("client", FilesIn(*client_files_)));
  const auto channel = Channel::Create(
      {.address = Address(), .token = [] { return std::string(kAnn); }, .tls = watched});
  const auto call = [&] {
    return CallUnary<ListNotificationsRequest, ListNotificationsResponse>(
               *channel, kList, ListOf("organizations/acme/people/ann"))
        .status();
  };
  EXPECT_OK(call());
  // The server changes all; the old connection goes on, a new one is of the new authority.
  ASSERT_OK(Put(*server_files_, *other_, *other_));
  EXPECT_OK(call());
  ASSERT_OK(Put(*client_files_, *other_, *other_));
  EXPECT_OK(call());
}

TEST_F(Tls, ReplacedUnderManyNewConnectionsNoneIsLost) {
  Start(ClientCertificates::kRequired);
  std::atomic<bool> done = false;
  std::atomic<int> calls = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&] {
      do {
        EXPECT_OK(CallWith(FilesIn(*client_files_)));
        calls.fetch_add(1);
      } while (!done);
    });
  }
  for (int i = 0; i < 50; ++i) {
    EXPECT_OK(Put(*server_files_, *authority_, *authority_));
    const int before = calls;
    while (calls < before + 2) std::this_thread::yield();
  }
  done = true;
  for (std::thread& client : clients) client.join();
}

// A handshake that gRPC's own client would not make.
bool ShakesHands(int port, int version, bool with_alpn) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  &SSL_CTX_free);
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), version);
  SSL_CTX_set_max_proto_version(context.get(), version);
  const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context.get()), &SSL_free);
  constexpr unsigned char kH2[] = {2, 'h', '2'};
  if (with_alpn) SSL_set_alpn_protos(session.get(), kH2, sizeof(kH2));
  BIO* const socket = BIO_new_connect(absl::StrCat("127.0.0.1:", port).c_str());
  SSL_set_bio(session.get(), socket, socket);
  char byte = 0;
  return SSL_connect(session.get()) == 1 && SSL_read(session.get(), &byte, 1) == 1;
}

TEST_F(Tls, IsOfVersion12OrNewerAndOverHttp2Only) {
  Start();
  const int port = server_.server().port();
  EXPECT_TRUE(ShakesHands(port, TLS1_3_VERSION, true));
  EXPECT_TRUE(ShakesHands(port, TLS1_2_VERSION, true));
  EXPECT_FALSE(ShakesHands(port, TLS1_1_VERSION, true));
  EXPECT_FALSE(ShakesHands(port, TLS1_3_VERSION, false));
}

}  // namespace
}  // namespace okr::rpc
