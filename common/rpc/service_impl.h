// The service as gRPC sees it: every method takes and gives bytes, so that all that can be wrong
// with them is told in our words.
#pragma once

#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/gate.h"
#include "common/rpc/pool.h"
#include "common/rpc/service.h"
#include "google/protobuf/descriptor.h"

namespace okr::rpc {

class ServiceImpl final : public grpc::Service {
 public:
  explicit ServiceImpl(const google::protobuf::ServiceDescriptor* descriptor);

  void Add(absl::string_view name, MethodHandler handler);
  std::vector<std::string> Troubles() const;
  void ShowMetrics(metrics::Registry& registry) const;
  int64_t open_streams() const;
  // Gives the methods to gRPC. All must be there.
  void Bind(const Gate& gate, Pool& pool);

 private:
  struct Method {
    explicit Method(const google::protobuf::MethodDescriptor& d)
        : descriptor(d), info(d), path("/" + info.name) {}

    const google::protobuf::MethodDescriptor& descriptor;
    const MethodInfo info;
    const std::string path;
    MethodHandler handler;
    bool registered = false;
  };

  Method* Find(absl::string_view name);
  void AddUnary(int index, const Method& method);
  void AddStream(int index, const Method& method);
  grpc::ServerUnaryReactor* StartUnary(const Method& method, grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer& wire, grpc::ByteBuffer* answer);
  void RunUnary(const Method& method, const std::shared_ptr<UnaryCallBase>& call);
  void RunOnPool(const Method& method, const std::shared_ptr<UnaryCallBase>& call);
  grpc::ServerWriteReactor<grpc::ByteBuffer>* StartStream(const Method& method,
                                                          grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer& wire);

  std::vector<std::unique_ptr<Method>> methods_;
  std::vector<std::string> troubles_;
  const Gate* gate_ = nullptr;
  Pool* pool_ = nullptr;
};

}  // namespace okr::rpc
