// What okr-migrate does.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/migrate/service.h"

namespace okr::migrate {

enum class Command { kUp, kStatus };

struct CommandOptions {
  std::string service = "all";
  std::string database;  // Conninfo.
  bool create_roles = false;
  int shards = kDefaultShards;  // With which the services were made; see MakeService.
  absl::Duration wait = absl::Seconds(30);
  absl::Duration timeout = absl::Minutes(30);
};

// Gives lines for the operator to `print`. The message of an error is for the operator too.
absl::Status Run(Command command, const CommandOptions& options,
                 const std::vector<Service>& services,
                 const std::function<void(absl::string_view)>& print);

}  // namespace okr::migrate
