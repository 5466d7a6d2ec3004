// PostgreSQL for tests: a server of the test's own, and a fresh database on it or on a shared one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/testing/child_process.h"
#include "common/testing/temp_directory.h"

namespace okr::testing {

// A server with data in a temporary directory, on a unix socket only. When we are root it runs as
// the user `postgres`. Its superuser is `postgres`; everyone is trusted. Not thread-safe.
class PrivatePostgres {
 public:
  struct Options {
    bool durable = false;               // With fsync, for tests of crashes of the machine's kind.
    std::vector<std::string> settings;  // E.g. "max_connections=20".
  };
  static absl::StatusOr<std::unique_ptr<PrivatePostgres>> Make(const Options& options);
  static absl::StatusOr<std::unique_ptr<PrivatePostgres>> Make() { return Make(Options{}); }
  ~PrivatePostgres();

  // Of the superuser and the database `postgres`; valid also after a restart.
  std::string conninfo() const;

  // Starts a stopped or killed server and waits until it answers.
  absl::Status Start();
  // Ends all sessions and stops, as an operator would.
  absl::Status Stop();
  // Kills the server at once, as the kernel would.
  absl::Status Kill();
  // Stops and continues all its processes: the server is there, but does not answer.
  void Pause();
  void Resume();

 private:
  PrivatePostgres() = default;
  absl::Status Initialize();
  absl::Status AwaitAnswer();

  Options options_;
  std::string user_;      // System user that the server runs as; empty for our own.
  std::string programs_;  // Directory of initdb and postgres.
  std::unique_ptr<TempDirectory> directory_;
  std::unique_ptr<ChildProcess> server_;
  std::vector<pid_t> paused_;
};

// A new, empty database, dropped at the end: on the server that OKR_TEST_DATABASE_URL names (its
// user must be a superuser), else on a private server that this process starts once.
class TestDatabase {
 public:
  static absl::StatusOr<std::unique_ptr<TestDatabase>> Make();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // Of the superuser.
  const std::string& conninfo() const { return conninfo_; }
  // The same database as another role, which needs no password.
  std::string ConninfoOf(absl::string_view role) const;

 private:
  TestDatabase(std::string server, std::string name, std::string conninfo)
      : server_(std::move(server)), name_(std::move(name)), conninfo_(std::move(conninfo)) {}
  std::string server_;
  std::string name_;
  std::string conninfo_;
};

}  // namespace okr::testing
