#include "common/rpc/unary_call.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "common/log/logger.h"
#include "common/rpc/gate.h"
#include "common/rpc/grpc_status.h"
#include "common/rpc/wire.h"
#include "common/status/macros.h"

namespace okr::rpc {

UnaryCallBase::~UnaryCallBase() {
  if (gate_ != nullptr && !finished_) Finish(absl::InternalError("the handler dropped the call"));
}

void UnaryCallBase::Finish(const absl::Status& status) {
  if (finished_.exchange(true)) return;
  absl::Status end = status;
  if (end.ok()) end = FillAnswer();
  gate_->unary_calls().Remove(this);
  // After this the server may stop, so the gate must not be used.
  reactor_->Finish(ToGrpc(gate_->Close(call_, end)));
}

absl::Status UnaryCallBase::FillAnswer() {
  OKR_RETURN_IF_ERROR(Serialize(const_response(), answer_));
  if (!call_.written.empty()) {
    context_->AddTrailingMetadata(kConsistencyTokenKey, FormatConsistencyTokens(call_.written));
  }
  return absl::OkStatus();
}

}  // namespace okr::rpc
