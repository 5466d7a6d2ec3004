// The side of a stream that gRPC holds.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "common/rpc/call_registry.h"

namespace okr::rpc {

class Gate;

// Sees to it that at most one message is under way, that the status follows the last one, and that
// the stream ends exactly once, whoever ends it. Lives until gRPC is done with the stream and the
// StreamCall is gone. Thread-safe.
class StreamReactor final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                            public ActiveCall,
                            public std::enable_shared_from_this<StreamReactor> {
 public:
  using Written = std::function<void(bool ok)>;

  // To be called first, when gRPC gets the reactor: holds it until OnDone.
  void Bind(const Gate& gate, grpc::CallbackServerContext& context);
  Call& call() { return call_; }

  // The status that ends the stream tells the `resume_after` of the last message that was sent.
  void Write(const grpc::ByteBuffer& message, std::string resume_after, Written written);
  // Ends the stream without telling `over`.
  void FinishByHandler(const absl::Status& status);
  void EndByServer(const absl::Status& status) override;
  void NotifyWhenOver(std::function<void()> over);
  bool IsOver() const;

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // Decides how the stream ends, if that is open; gives what must be told, after the lock.
  std::function<void()> Decide(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SendStatusIfDue();

  Call call_;
  const Gate* gate_ = nullptr;
  grpc::CallbackServerContext* context_ = nullptr;
  mutable std::mutex mutex_;
  std::shared_ptr<StreamReactor> self_ ABSL_GUARDED_BY(mutex_);
  grpc::ByteBuffer message_ ABSL_GUARDED_BY(mutex_);  // Under way.
  std::string resume_after_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;    // `status_` is decided.
  bool by_other_ ABSL_GUARDED_BY(mutex_) = false;  // It was not the handler who ended it.
  bool status_sent_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  Written written_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> over_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace okr::rpc
