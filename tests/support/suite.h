// The whole suite as real processes, with a PostgreSQL and a Redis of its own, for tests that cross
// processes.
#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/development_issuer.h"
#include "common/testing/certificate_authority.h"
#include "common/testing/child_process.h"
#include "common/testing/http_get.h"
#include "common/testing/private_postgres.h"
#include "common/testing/private_redis.h"
#include "common/testing/temp_directory.h"

namespace okr::testing {

// Whose token a call shows.
struct Identity {
  std::string organization;
  std::string subject;
  auth::Role role = auth::Role::kMember;
};

// Not thread-safe, except channel and Token.
class Suite {
 public:
  struct Options {
    // A PostgreSQL and a Redis that the test may stop; else shared ones may be used.
    bool own_servers = false;
    // TLS everywhere, with a client certificate required of everybody; see PutCertificates.
    bool tls = false;
    std::vector<std::string> environment;  // NAME=value, of every service.
    // Which are started; the others are away, as after a failure.
    std::vector<std::string> services = {"goals", "checkins", "scoring", "notifications"};
  };

  // Starts everything and waits until all services are SERVING.
  static absl::StatusOr<std::unique_ptr<Suite>> Start(const Options& options);
  // One for the whole test program; the program ends if it cannot be started.
  static Suite& Shared();

  // With TLS: gives the services, and channels from now on, a new certificate of `issuer`, and lets
  // them believe `believed` (PEM). At once, as the kubelet does with a secret.
  absl::Status PutCertificates(const CertificateAuthority& issuer, const std::string& believed);
  const CertificateAuthority& authority() const { return *authority_; }
  const SecretFolder& certificates() const { return *certificates_; }

  // To a service: "goals", "checkins", "scoring" or "notifications".
  std::shared_ptr<grpc::Channel> channel(const std::string& service) const;
  // "unix:/path", as grpc clients take it.
  std::string address(const std::string& service) const;
  // A token of the development issuer.
  std::string Token(const Identity& identity, absl::Duration ttl = absl::Hours(1)) const;
  // A token of an issuer that nobody configured, with the same claims.
  std::string ForeignToken(const Identity& identity) const;
  const auth::DevelopmentIssuer& issuer() const { return *issuer_; }

  // Ends a service with a signal (0: none) and waits for its end; gives its exit code.
  absl::StatusOr<int> StopService(const std::string& service, int signal);
  // `environment`: NAME=value, beside that of all services.
  absl::Status StartService(const std::string& service,
                            const std::vector<std::string>& environment = {});
  // Waits until the health of a service is as wanted.
  absl::Status AwaitHealth(const std::string& service, bool serving, absl::Duration patience) const;
  std::string LogOf(const std::string& service) const;
  // GET of a page of a service's admin port.
  absl::StatusOr<HttpAnswer> Admin(const std::string& service, const std::string& path) const;

  PrivatePostgres& postgres() { return *postgres_; }
  PrivateRedis& redis() { return *redis_; }
  // Superuser conninfo of the suite's database.
  std::string database() const;

 private:
  Suite() = default;
  absl::Status StartServers(bool own);
  absl::Status Migrate() const;
  absl::Status MakeKeys();
  absl::Status MakeCertificates();
  std::shared_ptr<grpc::ChannelCredentials> Credentials() const;
  std::vector<std::string> Settings(const std::string& service) const;

  Options options_;
  std::unique_ptr<TempDirectory> directory_;
  std::unique_ptr<PrivatePostgres> postgres_;
  std::unique_ptr<PrivateRedis> redis_;
  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<CertificateAuthority> authority_;  // Null without TLS, as the next one.
  std::unique_ptr<SecretFolder> certificates_;
  std::string superuser_;
  std::string redis_url_;
  std::unique_ptr<auth::DevelopmentIssuer> issuer_;
  std::unique_ptr<auth::DevelopmentIssuer> foreign_;
  std::map<std::string, std::unique_ptr<ChildProcess>> services_;
};

// Where the programs of this build are.
std::string ProgramPath(absl::string_view program);

}  // namespace okr::testing
