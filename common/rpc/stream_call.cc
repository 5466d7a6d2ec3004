#include "common/rpc/stream_call.h"

#include <utility>

#include "common/rpc/stream_reactor.h"
#include "common/rpc/wire.h"

namespace okr::rpc {

StreamCallBase::StreamCallBase() : reactor_(std::make_shared<StreamReactor>()) {}

StreamCallBase::~StreamCallBase() {
  reactor_->FinishByHandler(absl::InternalError("the handler dropped the stream"));
}

Call& StreamCallBase::call() { return reactor_->call(); }
const Call& StreamCallBase::call() const { return reactor_->call(); }

void StreamCallBase::Finish(const absl::Status& status) { reactor_->FinishByHandler(status); }

void StreamCallBase::OnCancel(std::function<void()> over) {
  reactor_->NotifyWhenOver(std::move(over));
}

bool StreamCallBase::cancelled() const { return reactor_->IsOver(); }

void StreamCallBase::WriteMessage(const google::protobuf::Message& message,
                                  std::string resume_after, Written written) {
  grpc::ByteBuffer wire;
  if (absl::Status status = Serialize(message, &wire); !status.ok()) {
    reactor_->FinishByHandler(status);
    return written(false);
  }
  reactor_->Write(wire, std::move(resume_after), std::move(written));
}

}  // namespace okr::rpc
