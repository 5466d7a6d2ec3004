// What answers calls of methods and services that are not there.
#pragma once

#include <grpcpp/generic/async_generic_service.h>

namespace okr::rpc {

// UNIMPLEMENTED / METHOD_UNKNOWN, always, with a log line.
class UnknownMethodService final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;
};

}  // namespace okr::rpc
