// The scoring service: what it follows and what it serves.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/runtime.h"
#include "common/service/process.h"

namespace okr::scoring {

// Made after rpc::Runtime::Start and destroyed before the runtime.
class Process {
 public:
  // Follows goals and checkins, adds the services to the runtime's server and starts what works
  // beside it.
  static absl::StatusOr<std::unique_ptr<Process>> Create(rpc::Runtime& runtime,
                                                         const service::ProcessConfig& config);
  ~Process();

 private:
  struct Parts;

  explicit Process(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace okr::scoring
