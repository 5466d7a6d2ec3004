// Check-ins on their way through the store, one or many.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "common/service/write.h"
#include "common/store/command.h"
#include "okr/checkins/v1/checkins_service.pb.h"
#include "services/checkins/transport/check_in_command.h"

namespace okr::checkins {

// One check-in, and what became of it.
struct SubmittedCheckIn {
  std::optional<CheckInCommand> command;  // Absent if the request could not be read; see `status`.
  std::string request_id;
  std::string digest;
  bool validate_only = false;

  absl::Status status;
  v1::CheckIn response;
};

// Reads a request; `request_id` stands in where it has none. What is wrong with it is in `status`.
SubmittedCheckIn ReadCheckIn(const rpc::Call& call, const v1::CreateCheckInRequest& request,
                             const std::string& request_id, UuidGenerator& ids);

// Each check-in is a command of its own, so that they fall into batches with all others, and are
// accepted or refused alone. Those that were refused because of what goals owns are decided once
// more after catching up with goals: what was created or activated a moment ago may not have
// arrived yet.
class Submission : public std::enable_shared_from_this<Submission> {
 public:
  using Done = std::function<void(Submission&)>;

  // `call` must live until `done` was called, once, by any thread.
  Submission(service::WriteDeps deps, rpc::Call& call, std::vector<SubmittedCheckIn> check_ins,
             Done done)
      : deps_(std::move(deps)),
        call_(call),
        check_ins_(std::move(check_ins)),
        done_(std::move(done)) {}

  // Held by shared_ptr only.
  void Start();
  std::vector<SubmittedCheckIn>& check_ins() { return check_ins_; }

 private:
  void SubmitAll(const std::vector<size_t>& indexes);
  void Submit(size_t index);
  void OneEnded();
  void RoundEnded();
  void CaughtUp(const std::vector<size_t>& indexes, const absl::Status& status);
  void Finish();

  const service::WriteDeps deps_;
  rpc::Call& call_;
  std::vector<SubmittedCheckIn> check_ins_;
  const Done done_;
  std::atomic<size_t> open_{0};
  std::atomic<int64_t> position_{0};  // The last that was written; 0 for none.
  std::atomic<int64_t> epoch_{0};
  std::atomic<int32_t> shard_{0};
  bool has_caught_up_ = false;
};

}  // namespace okr::checkins
