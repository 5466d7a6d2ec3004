// One call with a stream of answers.
#pragma once

#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/call.h"
#include "google/protobuf/message.h"

namespace grpc {
class ByteBuffer;
class CallbackServerContext;
}  // namespace grpc

namespace okr::rpc {

class Gate;
class StreamReactor;

// What the streams of all messages have in common; see StreamCall. Thread-safe, held by shared_ptr
// only. The stream is alive until it is finished or cancelled; the handler keeps it alive by
// holding the pointer, and a stream that nobody holds and nobody finished ends with INTERNAL.
class StreamCallBase : public std::enable_shared_from_this<StreamCallBase> {
 public:
  // `ok` is false when the message was not sent and the stream is over.
  using Written = std::function<void(bool ok)>;

  StreamCallBase() = default;
  StreamCallBase(const StreamCallBase&) = delete;
  StreamCallBase& operator=(const StreamCallBase&) = delete;
  virtual ~StreamCallBase();

  // Not to be changed once the handler has returned.
  Call& call() { return call_; }
  const Call& call() const { return call_; }

  // Ends the stream after the message under way, if any. Later calls are ignored.
  void Finish(const absl::Status& status);

  // Called once, on a thread of the server, when the stream is over for any other reason than this
  // side's Finish: the client cancelled or went away, its deadline passed, the server stops. At
  // once if that happened already. Must not block. It may hold this stream: it is dropped at the
  // end.
  void OnCancel(std::function<void()> cancelled);

  // Whether it is of no use to go on: cancelled, finished or the server stops.
  bool cancelled() const;

 protected:
  void WriteMessage(const google::protobuf::Message& message, Written written);
  virtual google::protobuf::Message& mutable_request() = 0;

 private:
  friend class CallRegistry;
  friend class Gate;
  friend class ServiceImpl;
  friend class StreamReactor;

  // Ends the stream for the server's sake: the handler is told by OnCancel.
  void End(const absl::Status& status);
  void FinishOrWait(const absl::Status& status, bool by_handler);
  void HandleWriteDone(bool ok);
  void HandleCancel();
  void HandleDone();
  void SendStatus(const absl::Status& status);
  std::function<void()> TakeCancelCallback() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Call call_;
  const Gate* gate_ = nullptr;

  mutable absl::Mutex mutex_;
  // Null once the status was handed to gRPC.
  StreamReactor* reactor_ ABSL_GUARDED_BY(mutex_) = nullptr;
  grpc::CallbackServerContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;  // `status_` is decided.
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  Written written_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> on_cancel_ ABSL_GUARDED_BY(mutex_);
};

template <typename Request, typename Response>
class StreamCall final : public StreamCallBase {
 public:
  const Request& request() const { return request_; }

  // Sends one message; the next one may be sent once `written` was called with true. That happens
  // when gRPC took the message, so a slow reader slows the writer down. `written` may be called
  // before this returns (with false, if the stream is over), else on a thread of the server; it
  // must not block. A second message while one is under way is refused with false.
  void WriteAsync(const Response& response, Written written) {
    WriteMessage(response, std::move(written));
  }

 private:
  google::protobuf::Message& mutable_request() override { return request_; }

  Request request_;
};

}  // namespace okr::rpc
