#include "common/rpc/stream_reactor.h"

#include <utility>

#include "common/rpc/consistency_token.h"
#include "common/rpc/gate.h"
#include "common/rpc/grpc_status.h"

namespace okr::rpc {

void StreamReactor::Bind(const Gate& gate, grpc::CallbackServerContext& context) {
  const std::lock_guard lock(mutex_);
  gate_ = &gate;
  context_ = &context;
  self_ = shared_from_this();
}

void StreamReactor::Write(const grpc::ByteBuffer& message, std::string resume_after,
                          Written written) {
  {
    const std::lock_guard lock(mutex_);
    if (!ending_ && !writing_) {
      writing_ = true;
      message_ = message;
      if (!resume_after.empty()) resume_after_ = std::move(resume_after);
      written_ = std::move(written);
      StartWrite(&message_);
      return;
    }
  }
  written(false);
}

void StreamReactor::OnWriteDone(bool ok) {
  Written written;
  std::function<void()> over;
  {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    message_.Clear();
    written = std::exchange(written_, nullptr);
    if (!ok) {
      by_other_ = by_other_ || !ending_;
      over = Decide(absl::CancelledError("the client is gone"));
    }
  }
  if (written) written(ok);
  if (over) over();
  SendStatusIfDue();
}

void StreamReactor::FinishByHandler(const absl::Status& status) {
  std::function<void()> dropped;  // Destroyed after the lock: it may hold the stream.
  {
    const std::lock_guard lock(mutex_);
    dropped = Decide(status);
  }
  SendStatusIfDue();
}

void StreamReactor::EndByServer(const absl::Status& status) {
  std::function<void()> over;
  {
    const std::lock_guard lock(mutex_);
    by_other_ = by_other_ || !ending_;
    over = Decide(status);
  }
  if (over) over();
  SendStatusIfDue();
}

void StreamReactor::OnCancel() { EndByServer(absl::CancelledError("the client cancelled")); }

void StreamReactor::NotifyWhenOver(std::function<void()> over) {
  {
    const std::lock_guard lock(mutex_);
    if (!ending_) {
      over_ = std::move(over);
      return;
    }
    if (!by_other_) return;
  }
  over();
}

bool StreamReactor::IsOver() const {
  const std::lock_guard lock(mutex_);
  return ending_;
}

std::function<void()> StreamReactor::Decide(const absl::Status& status) {
  if (ending_) return nullptr;
  ending_ = true;
  status_ = status;
  return std::exchange(over_, nullptr);
}

void StreamReactor::SendStatusIfDue() {
  absl::Status status;
  {
    const std::lock_guard lock(mutex_);
    if (!ending_ || writing_ || status_sent_ || gate_ == nullptr) return;
    status_sent_ = true;
    status = status_;
    if (!resume_after_.empty()) context_->AddTrailingMetadata(kResumeAfterKey, resume_after_);
  }
  gate_->streams().Remove(this);
  Finish(ToGrpc(gate_->Close(call_, status)));
}

void StreamReactor::OnDone() {
  std::shared_ptr<StreamReactor> self;  // Goes after the lock, and perhaps this object with it.
  {
    const std::lock_guard lock(mutex_);
    self = std::move(self_);
  }
}

}  // namespace okr::rpc
