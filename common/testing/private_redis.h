// Redis for tests: a server of the test's own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/redis/connection.h"
#include "common/testing/child_process.h"
#include "common/testing/temp_directory.h"

namespace okr::testing {

// On a unix socket in a temporary directory, without persistence: each start is empty. Not
// thread-safe.
class PrivateRedis {
 public:
  // `arguments` as on the command line of redis-server, e.g. {"--requirepass", "x"}.
  static absl::StatusOr<std::unique_ptr<PrivateRedis>> Make(
      const std::vector<std::string>& arguments = {});

  // How to reach it; valid also after a restart.
  redis::Options options() const;

  absl::Status Start();
  // Kills the server; its data are gone.
  absl::Status Kill();
  // Stops and continues the process: the server is there, but does not answer.
  void Pause();
  void Resume();

 private:
  PrivateRedis() = default;
  absl::Status AwaitAnswer();

  std::vector<std::string> arguments_;
  std::unique_ptr<TempDirectory> directory_;
  std::unique_ptr<ChildProcess> server_;
};

// The Redis that OKR_TEST_REDIS names (the path of its unix socket, or host:port), else a private
// one that this process starts once. Tests that share it must use keys of their own (the process
// id in them); tests that empty or stop it need a PrivateRedis.
absl::StatusOr<redis::Options> SharedRedis();

}  // namespace okr::testing
