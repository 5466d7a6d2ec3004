#include "services/checkins/transport/submission.h"

#include <utility>

#include "common/status/error.h"
#include "services/checkins/transport/decide_check_in.h"

namespace okr::checkins {
namespace {

constexpr absl::string_view kMethod = "okr.checkins.v1.CheckinsService/CreateCheckIn";

// The same for a check-in that is sent alone and in a batch.
std::string DigestOf(const rpc::Call& call, const v1::CreateCheckInRequest& request) {
  rpc::Call alone;
  alone.principal = call.principal;
  alone.method = kMethod;
  return service::RequestDigest(alone, request);
}

absl::Status NeedsOrganization() {
  return MakeError(
      absl::StatusCode::kPermissionDenied,
      "a token of all organizations may not change anything; use one of the organization",
      {.reason = "PERMISSION_DENIED"});
}

}  // namespace

SubmittedCheckIn ReadCheckIn(const rpc::Call& call, const v1::CreateCheckInRequest& request,
                             const std::string& request_id, UuidGenerator& ids) {
  SubmittedCheckIn check_in;
  if (call.principal.is_everywhere()) {
    check_in.status = NeedsOrganization();
    return check_in;
  }
  absl::StatusOr<CheckInCommand> command = ParseCheckIn(call.principal, request, ids);
  check_in.status = command.status();
  if (command.ok()) check_in.command = *std::move(command);
  check_in.request_id = request.request_id().empty() ? request_id : request.request_id();
  check_in.digest = DigestOf(call, request);
  check_in.validate_only = request.validate_only();
  return check_in;
}

void Submission::Start() {
  std::vector<size_t> readable;
  for (size_t i = 0; i < check_ins_.size(); ++i) {
    if (check_ins_[i].command) readable.push_back(i);
  }
  SubmitAll(readable);
}

void Submission::SubmitAll(const std::vector<size_t>& indexes) {
  // One more, so that the round does not end before all are submitted.
  open_.store(indexes.size() + 1);
  for (const size_t index : indexes) Submit(index);
  OneEnded();
}

void Submission::Submit(size_t index) {
  SubmittedCheckIn& check_in = check_ins_[index];
  auto command = std::make_unique<store::Command>();
  command->organization = call_.principal.organization;
  command->method = std::string(kMethod);
  command->request_id = check_in.request_id;
  command->digest = check_in.digest;
  command->actor = call_.principal.subject;
  command->traceparent = ToTraceparent(call_.trace);
  command->deadline = call_.deadline;
  command->validate_only = check_in.validate_only;
  command->decide = [&check_in](store::View& view, google::protobuf::Message& response) {
    return DecideCheckIn(*check_in.command, view, static_cast<v1::CheckIn&>(response));
  };
  command->response = &check_in.response;
  command->done = [self = shared_from_this(), &check_in](
                      absl::Status status, const std::optional<store::LogPosition>& position) {
    check_in.status = std::move(status);
    if (check_in.status.ok() && position) {
      self->epoch_.store(position->epoch);
      self->shard_.store(position->shard);
      int64_t last = self->position_.load();
      while (last < position->position &&
             !self->position_.compare_exchange_weak(last, position->position)) {
      }
    }
    self->OneEnded();
  };
  deps_.writer->Submit(std::move(command));
}

void Submission::OneEnded() {
  if (open_.fetch_sub(1) == 1) RoundEnded();
}

void Submission::RoundEnded() {
  std::vector<size_t> again;
  for (size_t i = 0; i < check_ins_.size(); ++i) {
    if (check_ins_[i].command && RestsOnProjections(check_ins_[i].status)) again.push_back(i);
  }
  if (has_caught_up_ || again.empty() || deps_.catch_up == nullptr) return Finish();
  has_caught_up_ = true;
  deps_.catch_up(call_, [self = shared_from_this(), again](const absl::Status& status) {
    self->CaughtUp(again, status);
  });
}

void Submission::CaughtUp(const std::vector<size_t>& indexes, const absl::Status& status) {
  if (status.ok()) return SubmitAll(indexes);
  // What they were refused for may be over: the client shall try again.
  for (const size_t index : indexes) check_ins_[index].status = status;
  Finish();
}

void Submission::Finish() {
  if (const int64_t position = position_.load(); position > 0) {
    call_.written.push_back({.source = deps_.source,
                             .epoch = epoch_.load(),
                             .shard = static_cast<uint32_t>(shard_.load()),
                             .position = position});
  }
  done_(*this);
}

}  // namespace okr::checkins
