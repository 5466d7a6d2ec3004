// The process okr-goals: what it is made of.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/runtime.h"
#include "common/service/process.h"
#include "services/goals/consumers/score_summaries.h"
#include "services/goals/transport/caller_cache.h"

namespace okr::goals {

// Serves okr.goals.v1.GoalsService, okr.directory.v1.DirectoryService and the log of both, and
// follows the log of scoring. Made after rpc::Runtime::Start, destroyed before the runtime.
class Process {
 public:
  static absl::StatusOr<std::unique_ptr<Process>> Create(rpc::Runtime& runtime,
                                                         const service::ProcessConfig& config);

 private:
  Process() = default;
  void AddServices(rpc::Server& server);

  ScoreSummaries score_summaries_;
  std::unique_ptr<transport::CallerCache> callers_;  // Outlives the reader's threads.
  std::unique_ptr<service::Process> parts_;
};

}  // namespace okr::goals
