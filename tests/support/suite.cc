#include "tests/support/suite.h"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/tls_credentials.h"
#include "common/status/macros.h"
#include "tests/support/health.h"

namespace okr::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr char kAudience[] = "okr";
constexpr char kIssuer[] = "https://issuer.test";

absl::Status WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  return file ? absl::OkStatus() : absl::InternalError("cannot write " + path);
}

absl::StatusOr<std::unique_ptr<auth::DevelopmentIssuer>> MakeIssuer(const std::string& directory) {
  OKR_RETURN_IF_ERROR(auth::DevelopmentIssuer::GenerateKey(directory));
  OKR_ASSIGN_OR_RETURN(auth::DevelopmentIssuer issuer, auth::DevelopmentIssuer::Load(directory));
  return std::make_unique<auth::DevelopmentIssuer>(std::move(issuer));
}

std::string Mint(const auth::DevelopmentIssuer& issuer, const Identity& identity,
                 absl::Duration ttl) {
  return issuer
      .Mint({.issuer = kIssuer,
             .audience = kAudience,
             .subject = identity.subject,
             .organization = identity.organization,
             .role = identity.role},
            ttl, absl::Now())
      .value();
}

}  // namespace

std::string ProgramPath(absl::string_view program) { return absl::StrCat(OKR_BIN, "/", program); }

absl::StatusOr<std::unique_ptr<Suite>> Suite::Start(const Options& options) {
  auto suite = std::unique_ptr<Suite>(new Suite);
  suite->options_ = options;
  OKR_ASSIGN_OR_RETURN(suite->directory_, TempDirectory::Make());
  OKR_RETURN_IF_ERROR(suite->StartServers(options.own_servers));
  OKR_RETURN_IF_ERROR(suite->Migrate());
  OKR_RETURN_IF_ERROR(suite->MakeKeys());
  if (options.tls) OKR_RETURN_IF_ERROR(suite->MakeCertificates());
  for (const std::string& service : options.services) {
    OKR_RETURN_IF_ERROR(suite->StartService(service));
  }
  for (const std::string& service : options.services) {
    OKR_RETURN_IF_ERROR(suite->AwaitHealth(service, true, kPatience));
  }
  return suite;
}

Suite& Suite::Shared() {
  static Suite& suite = *[] {
    absl::StatusOr<std::unique_ptr<Suite>> started = Start({});
    if (!started.ok()) {
      std::cerr << "the suite cannot be started: " << started.status() << "\n";
      std::exit(1);
    }
    // Destroyed at exit, so that its processes and files go away.
    static std::unique_ptr<Suite> owner = *std::move(started);
    return owner.get();
  }();
  return suite;
}

absl::Status Suite::StartServers(bool own) {
  if (own) {
    OKR_ASSIGN_OR_RETURN(postgres_, PrivatePostgres::Make({.durable = true}));
    superuser_ = postgres_->conninfo();
  } else {
    OKR_ASSIGN_OR_RETURN(database_, TestDatabase::Make());
    superuser_ = database_->conninfo();
  }
  // The streams have fixed names, so every suite has a Redis of its own.
  OKR_ASSIGN_OR_RETURN(redis_, PrivateRedis::Make());
  redis_url_ = "unix://" + redis_->options().unix_socket;
  return absl::OkStatus();
}

absl::Status Suite::Migrate() const {
  return RunProgram({.arguments = {ProgramPath("okr-migrate"), "up", "--create-roles"},
                     .environment = {"OKR_DATABASE_URL=" + superuser_},
                     .log_path = directory_->path() + "/migrate.log"},
                    absl::Now() + kPatience);
}

absl::Status Suite::MakeKeys() {
  OKR_ASSIGN_OR_RETURN(issuer_, MakeIssuer(directory_->path() + "/keys"));
  OKR_ASSIGN_OR_RETURN(foreign_, MakeIssuer(directory_->path() + "/foreign"));
  OKR_RETURN_IF_ERROR(WriteFile(directory_->path() + "/issuers.yaml",
                                absl::StrCat("issuers:\n  - issuer: ", kIssuer, "\n    audience: ",
                                             kAudience, "\n    jwks: keys/jwks.json\n")));
  return WriteFile(
      directory_->path() + "/service.token",
      Token({.organization = "*", .subject = "okr-suite", .role = auth::Role::kService}));
}

absl::Status Suite::MakeCertificates() {
  OKR_ASSIGN_OR_RETURN(authority_, CertificateAuthority::Make());
  certificates_ = std::make_unique<SecretFolder>(directory_->path() + "/tls");
  return PutCertificates(*authority_, authority_->pem());
}

absl::Status Suite::PutCertificates(const CertificateAuthority& issuer,
                                    const std::string& believed) {
  OKR_ASSIGN_OR_RETURN(const IssuedCertificate issued, issuer.Issue());
  return certificates_->Put(issued, believed);
}

std::string Suite::Token(const Identity& identity, absl::Duration ttl) const {
  return Mint(*issuer_, identity, ttl);
}

std::string Suite::ForeignToken(const Identity& identity) const {
  return Mint(*foreign_, identity, absl::Hours(1));
}

std::string Suite::address(const std::string& service) const {
  return absl::StrCat("unix:", directory_->path(), "/", service, ".sock");
}

std::vector<std::string> Suite::Settings(const std::string& service) const {
  const std::string& path = directory_->path();
  const auto database = [&](absl::string_view role) {
    return absl::StrCat(superuser_, " user=okr_", service, "_", role);
  };
  std::vector<std::string> settings = {"OKR_LISTEN=" + address(service),
                                       "OKR_ADMIN_LISTEN=127.0.0.1:0",
                                       "OKR_DATABASE_URL=" + database("runtime"),
                                       "OKR_RELAY_DATABASE_URL=" + database("relay"),
                                       "OKR_REDIS_URL=" + redis_url_,
                                       "OKR_TOKEN_ISSUERS_FILE=" + path + "/issuers.yaml",
                                       "OKR_PAGE_TOKEN_KEY=0123456789abcdef0123456789abcdef",
                                       "OKR_SERVICE_TOKEN_FILE=" + path + "/service.token",
                                       "OKR_GOALS_ADDRESS=" + address("goals"),
                                       "OKR_CHECKINS_ADDRESS=" + address("checkins"),
                                       "OKR_SCORING_ADDRESS=" + address("scoring"),
                                       "OKR_NOTIFICATIONS_ADDRESS=" + address("notifications")};
  if (options_.tls) {
    settings.emplace_back("OKR_TLS_CLIENT_CERTIFICATES=required");
    for (const char* use : {"TLS_CLIENT", "SERVICES"}) {
      settings.push_back(absl::StrCat("OKR_", use, "_CA_FILE=", certificates_->ca()));
    }
    for (const char* use : {"TLS", "SERVICES"}) {
      settings.push_back(
          absl::StrCat("OKR_", use, "_CERTIFICATE_FILE=", certificates_->certificate()));
      settings.push_back(absl::StrCat("OKR_", use, "_KEY_FILE=", certificates_->key()));
    }
  }
  settings.insert(settings.end(), options_.environment.begin(), options_.environment.end());
  return settings;
}

absl::Status Suite::StartService(const std::string& service,
                                 const std::vector<std::string>& environment) {
  std::vector<std::string> settings = Settings(service);
  settings.insert(settings.end(), environment.begin(), environment.end());
  OKR_ASSIGN_OR_RETURN(
      services_[service],
      ChildProcess::Start({.arguments = {ProgramPath("okr-" + service)},
                           .environment = std::move(settings),
                           .log_path = directory_->path() + "/" + service + ".log"}));
  return absl::OkStatus();
}

absl::StatusOr<int> Suite::StopService(const std::string& service, int signal) {
  ChildProcess& process = *services_.at(service);
  process.Signal(signal);
  const std::optional<int> exit_code = process.Wait(absl::Now() + kPatience);
  if (!exit_code) return absl::DeadlineExceededError(service + " does not end");
  return *exit_code;
}

absl::Status Suite::AwaitHealth(const std::string& service, bool serving,
                                absl::Duration patience) const {
  if (WatchHealth(*channel(service), serving, absl::Now() + patience)) return absl::OkStatus();
  return absl::DeadlineExceededError(
      absl::StrCat(service, " is not ", serving ? "" : "NOT_", "SERVING:\n",
                   TailOf(directory_->path() + "/" + service + ".log")));
}

std::string Suite::LogOf(const std::string& service) const {
  std::ifstream file(directory_->path() + "/" + service + ".log");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::StatusOr<HttpAnswer> Suite::Admin(const std::string& service, const std::string& path) const {
  return HttpGet(AdminPortIn(LogOf(service)), path);
}

std::shared_ptr<grpc::ChannelCredentials> Suite::Credentials() const {
  if (certificates_ == nullptr) return grpc::InsecureChannelCredentials();
  return rpc::ChannelCredentialsOf(tls::Read({.certificate = {"", certificates_->certificate()},
                                              .key = {"", certificates_->key()},
                                              .ca = {"", certificates_->ca()}})
                                       .value());
}

std::shared_ptr<grpc::Channel> Suite::channel(const std::string& service) const {
  grpc::ChannelArguments arguments;
  // What a test sends is what the service is asked: no silent retries.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address(service), Credentials(), arguments);
}

std::string Suite::database() const { return superuser_; }

}  // namespace okr::testing
