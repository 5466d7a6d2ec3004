// A server stream as a test reads it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/rpc/grpc_status.h"
#include "tests/support/caller.h"

namespace okr::testing {

// Ends by itself at its deadline, so a test that waits for what never comes fails. Not thread-safe.
template <typename Response>
class Stream {
 public:
  // Stream<R> stream(caller, [&](auto* context) { return stub->Subscribe(context, request); });
  template <typename Start>
  Stream(const Caller& caller, Start start, absl::Duration timeout = absl::Seconds(20)) {
    caller.Prepare(context_, timeout);
    reader_ = start(&context_);
  }
  ~Stream() {
    if (reader_ != nullptr) Cancel();
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Absent at the end of the stream.
  std::optional<Response> Next() {
    Response response;
    return reader_->Read(&response) ? std::optional(std::move(response)) : std::nullopt;
  }
  // The next one that `is_wanted`.
  template <typename IsWanted>
  std::optional<Response> Next(IsWanted is_wanted) {
    std::optional<Response> response = Next();
    while (response && !is_wanted(*response)) response = Next();
    return response;
  }
  void Cancel() {
    context_.TryCancel();
    End().IgnoreError();
  }
  // How it ended by itself; reads what still comes.
  absl::Status End() {
    while (Next()) continue;
    const grpc::Status status = reader_->Finish();
    reader_ = nullptr;
    return status.ok() ? absl::OkStatus() : rpc::FromGrpc(status);
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<Response>> reader_;
};

}  // namespace okr::testing
