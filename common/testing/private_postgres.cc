#include "common/testing/private_postgres.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/postgres/connection.h"
#include "common/postgres/conninfo.h"
#include "common/postgres/sqlstate.h"
#include "common/status/macros.h"

namespace okr::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

// The newest installed version.
absl::StatusOr<std::string> FindPrograms() {
  const std::filesystem::path root = "/usr/lib/postgresql";
  std::error_code error;
  int newest = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root, error)) {
    int version = 0;
    if (absl::SimpleAtoi(entry.path().filename().string(), &version) &&
        std::filesystem::exists(entry.path() / "bin" / "initdb", error)) {
      newest = std::max(newest, version);
    }
  }
  if (newest == 0) return absl::NotFoundError("there is no initdb below /usr/lib/postgresql");
  return absl::StrCat(root.string(), "/", newest, "/bin");
}

std::vector<pid_t> ChildrenOf(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/task/", pid, "/children"));
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

// The server shared by all databases of this process.
absl::StatusOr<std::string> ServerConninfo() {
  if (const char* shared = std::getenv("OKR_TEST_DATABASE_URL"); shared != nullptr) return shared;
  static const auto* const server =
      new absl::StatusOr<std::unique_ptr<PrivatePostgres>>(PrivatePostgres::Make());
  static const int stopped_at_exit = std::atexit([] {
    if (server->ok()) (**server)->Kill().IgnoreError();
    delete server;
  });
  if (stopped_at_exit != 0) return absl::InternalError("atexit");
  if (!server->ok()) return server->status();
  return (**server)->conninfo();
}

absl::Status RunOn(const std::string& conninfo, const std::string& sql) {
  OKR_ASSIGN_OR_RETURN(auto connection, postgres::Connection::Open({.conninfo = conninfo}));
  const absl::Status status = connection->ExecuteScript(sql, absl::Now() + kPatience);
  if (status.ok()) return status;
  return absl::InternalError(postgres::LogDetailOf(status));
}

}  // namespace

absl::StatusOr<std::unique_ptr<PrivatePostgres>> PrivatePostgres::Make(const Options& options) {
  auto server = std::unique_ptr<PrivatePostgres>(new PrivatePostgres());
  server->options_ = options;
  OKR_ASSIGN_OR_RETURN(server->programs_, FindPrograms());
  // PostgreSQL refuses to run as root.
  if (geteuid() == 0) server->user_ = "postgres";
  OKR_ASSIGN_OR_RETURN(server->directory_, TempDirectory::Make(server->user_));
  OKR_RETURN_IF_ERROR(server->Initialize());
  OKR_RETURN_IF_ERROR(server->Start());
  return server;
}

PrivatePostgres::~PrivatePostgres() {
  Resume();
  Kill().IgnoreError();
}

std::string PrivatePostgres::conninfo() const {
  return absl::StrCat("host=", directory_->path(), " user=postgres dbname=postgres");
}

absl::Status PrivatePostgres::Initialize() {
  std::vector<std::string> arguments = {programs_ + "/initdb",
                                        "-D",
                                        directory_->path() + "/data",
                                        "-U",
                                        "postgres",
                                        "-A",
                                        "trust",
                                        "-E",
                                        "UTF8",
                                        "--locale=C.UTF-8"};
  if (!options_.durable) arguments.emplace_back("--no-sync");
  return RunProgram(
      {.arguments = arguments, .log_path = directory_->path() + "/log", .user = user_},
      absl::Now() + 2 * kPatience);
}

absl::Status PrivatePostgres::Start() {
  std::vector<std::string> arguments = {programs_ + "/postgres", "-D", directory_->path() + "/data",
                                        "-k", directory_->path()};
  std::vector<std::string> settings = {"listen_addresses=", "shared_buffers=64MB"};
  if (!options_.durable) {
    settings.insert(settings.end(), {"fsync=off", "full_page_writes=off"});
  }
  settings.insert(settings.end(), options_.settings.begin(), options_.settings.end());
  for (const std::string& setting : settings) {
    arguments.emplace_back("-c");
    arguments.push_back(setting);
  }
  OKR_ASSIGN_OR_RETURN(server_, ChildProcess::Start({.arguments = arguments,
                                                     .log_path = directory_->path() + "/log",
                                                     .user = user_,
                                                     .end_signal = SIGQUIT}));
  return AwaitAnswer();
}

absl::Status PrivatePostgres::AwaitAnswer() {
  const absl::Time deadline = absl::Now() + kPatience;
  while (absl::Now() < deadline) {
    const auto connection = postgres::Connection::Open({.conninfo = conninfo()});
    if (connection.ok()) return absl::OkStatus();
    // The wait between two tries; ends early if the server does.
    if (server_->Wait(absl::Now() + absl::Milliseconds(20))) break;
  }
  return absl::InternalError(
      absl::StrCat("PostgreSQL does not start:\n", TailOf(directory_->path() + "/log")));
}

absl::Status PrivatePostgres::Stop() {
  if (server_ == nullptr) return absl::OkStatus();
  server_->Signal(SIGINT);
  const auto code = server_->Wait(absl::Now() + kPatience);
  server_.reset();
  return code == 0 ? absl::OkStatus() : absl::InternalError("PostgreSQL did not stop");
}

absl::Status PrivatePostgres::Kill() {
  if (server_ == nullptr) return absl::OkStatus();
  // Its sessions too, which else would live on for a moment and hold the shared memory.
  server_->Signal(SIGSTOP);
  const std::vector<pid_t> children = ChildrenOf(server_->pid());
  for (const pid_t child : children) kill(child, SIGKILL);
  server_->Signal(SIGKILL);
  for (const pid_t child : children) AwaitEnd(child, absl::Now() + kPatience);
  const auto code = server_->Wait(absl::Now() + kPatience);
  server_.reset();
  return code ? absl::OkStatus() : absl::InternalError("PostgreSQL was not killed");
}

void PrivatePostgres::Pause() {
  if (server_ == nullptr) return;
  server_->Signal(SIGSTOP);
  paused_ = ChildrenOf(server_->pid());
  for (const pid_t child : paused_) kill(child, SIGSTOP);
}

void PrivatePostgres::Resume() {
  if (server_ == nullptr) return;
  for (const pid_t child : paused_) kill(child, SIGCONT);
  paused_.clear();
  server_->Signal(SIGCONT);
}

absl::StatusOr<std::unique_ptr<TestDatabase>> TestDatabase::Make() {
  static std::atomic<int> count = 0;
  OKR_ASSIGN_OR_RETURN(const std::string server, ServerConninfo());
  const std::string name = absl::StrCat("okr_test_", getpid(), "_", ++count);
  OKR_RETURN_IF_ERROR(RunOn(server, absl::StrCat("CREATE DATABASE ", name)));
  OKR_ASSIGN_OR_RETURN(std::string conninfo, postgres::ChangeConninfo(server, {{"dbname", name}}));
  return std::unique_ptr<TestDatabase>(new TestDatabase(server, name, std::move(conninfo)));
}

TestDatabase::~TestDatabase() {
  RunOn(server_, absl::StrCat("DROP DATABASE ", name_, " WITH (FORCE)")).IgnoreError();
}

std::string TestDatabase::ConninfoOf(absl::string_view role) const {
  return postgres::ChangeConninfo(conninfo_, {{"user", std::string(role)}}).value();
}

}  // namespace okr::testing
