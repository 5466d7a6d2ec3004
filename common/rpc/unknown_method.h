// What answers calls of methods and services that are not there.
#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include "common/metrics/values.h"

namespace okr::rpc {

// UNIMPLEMENTED / METHOD_UNKNOWN, always, with a log line.
class UnknownMethodService final : public grpc::CallbackGenericService {
 public:
  // How many there were; not by name, as that is the client's to choose.
  const metrics::Counter& calls() const { return calls_; }

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  metrics::Counter calls_;
};

}  // namespace okr::rpc
