// The process of checkins: what every service has, and its own parts.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/runtime.h"
#include "common/service/process.h"
#include "services/checkins/consumers/due_timer.h"
#include "services/checkins/consumers/goals_handler.h"
#include "services/checkins/store/lists.h"

namespace okr::checkins {

// Made after rpc::Runtime::Start and destroyed before the runtime.
class Process {
 public:
  // Registers the services, follows goals and starts the timer.
  static absl::StatusOr<std::unique_ptr<Process>> Create(rpc::Runtime& runtime,
                                                         const service::ProcessConfig& config);
  ~Process();

 private:
  explicit Process(std::unique_ptr<service::Process> base);

  std::unique_ptr<service::Process> base_;
  Lists lists_;
  DueTimer timer_;
  GoalsHandler handler_;
};

}  // namespace okr::checkins
