// The client's side of a stream, message by message. For tests only.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>
#include <optional>
#include <string>

#include "common/rpc/grpc_status.h"
#include "common/rpc/test_server.h"

namespace okr::rpc {

class TestStream {
 public:
  TestStream(grpc::Channel& channel, const std::string& path, const std::string& request,
             const Sent& sent = {})
      : path_(path), method_(path_.c_str(), grpc::internal::RpcMethod::SERVER_STREAMING) {
    Prepare(sent, &context_);
    reader_.reset(grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(
        &channel, method_, &context_, BufferOf(request)));
  }

  // Waits for the next message; absent when the stream is over.
  template <typename Response>
  std::optional<Response> Next() {
    grpc::ByteBuffer wire;
    if (!reader_->Read(&wire)) return std::nullopt;
    Response response;
    EXPECT_TRUE(response.ParseFromString(BytesOf(wire)));
    return response;
  }

  // Waits for the end; after Next gave nothing.
  absl::Status Finish() { return FromGrpc(reader_->Finish()); }
  void Cancel() { context_.TryCancel(); }
  // Of the trailing metadata, after Finish; empty without it.
  std::string Trailing(const std::string& key) const {
    const auto& metadata = context_.GetServerTrailingMetadata();
    const auto found = metadata.find(key);
    return found == metadata.end() ? "" : std::string(found->second.data(), found->second.size());
  }

 private:
  const std::string path_;
  const grpc::internal::RpcMethod method_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>> reader_;
};

}  // namespace okr::rpc
