// One call with a stream of answers.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "google/protobuf/message.h"

namespace okr::rpc {

class StreamReactor;

// What the streams of all messages have in common; see StreamCall. Thread-safe, held by shared_ptr
// only. The handler keeps the stream alive by holding the pointer; a stream that nobody holds and
// nobody finished ends with INTERNAL.
class StreamCallBase {
 public:
  // `ok` is false when the message was not sent and the stream is over.
  using Written = std::function<void(bool ok)>;

  StreamCallBase();
  StreamCallBase(const StreamCallBase&) = delete;
  StreamCallBase& operator=(const StreamCallBase&) = delete;
  virtual ~StreamCallBase();

  // Not to be changed once the handler has returned.
  Call& call();
  const Call& call() const;

  // Ends the stream after the message under way, if any. Later calls are ignored.
  void Finish(const absl::Status& status);

  // `over` is called once, on a thread of the server, when the stream is over for any other reason
  // than Finish: the client cancelled or went away, its deadline passed, the server stops. At once
  // if that happened already. It must not block, and may hold this stream: it is dropped at the
  // end.
  void OnCancel(std::function<void()> over);

  // Whether it is of no use to go on: the stream is over, for whatever reason.
  bool cancelled() const;

 protected:
  void WriteMessage(const google::protobuf::Message& message, std::string resume_after,
                    Written written);
  virtual google::protobuf::Message& mutable_request() = 0;

 private:
  friend class ServiceImpl;

  const std::shared_ptr<StreamReactor> reactor_;
};

template <typename Request, typename Response>
class StreamCall final : public StreamCallBase {
 public:
  const Request& request() const { return request_; }

  // Sends one message; the next one may be sent once `written` was called with true. That happens
  // when gRPC took the message, so a slow reader slows the writer down. `written` may be called
  // before this returns (with false, if the stream is over), else on a thread of the server; it
  // must not block. A second message while one is under way is refused with false. Where
  // `resume_after` is not empty, the end of the stream tells it if this message was the last; see
  // kResumeAfterKey.
  void WriteAsync(const Response& response, Written written, std::string resume_after = "") {
    WriteMessage(response, std::move(resume_after), std::move(written));
  }

 private:
  google::protobuf::Message& mutable_request() override { return request_; }

  Request request_;
};

}  // namespace okr::rpc
