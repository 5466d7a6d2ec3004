#include "common/rpc/library_logs.h"

#include <google/protobuf/stubs/common.h>
#include <grpcpp/version_info.h>

#include "absl/time/time.h"
#include "common/log/logger.h"
#include "common/log/rate_limit.h"

#define OKR_GRPC_HAS_LOG_FUNCTION (GRPC_CPP_VERSION_MAJOR == 1 && GRPC_CPP_VERSION_MINOR < 65)
#define OKR_PROTOBUF_HAS_LOG_HANDLER (GOOGLE_PROTOBUF_VERSION < 4022000)

#if OKR_GRPC_HAS_LOG_FUNCTION
#include <grpc/support/log.h>
#endif
#if OKR_PROTOBUF_HAS_LOG_HANDLER
#include <google/protobuf/stubs/logging.h>
#endif

namespace okr::rpc {
namespace {

#if OKR_GRPC_HAS_LOG_FUNCTION
// Its errors are about the network, which comes and goes. Whoever can reach a port can have it
// write some: each handshake that fails is one.
void LogForGrpc(gpr_log_func_args* args) {
  static auto& limit = *new log::RateLimit(absl::Seconds(1));
  if (const auto suppressed = limit.Allow()) {
    log::Warning("grpc", {{"detail", args->message}, {"suppressed", *suppressed}});
  }
}
#endif

#if OKR_PROTOBUF_HAS_LOG_HANDLER
void LogForProtobuf(google::protobuf::LogLevel level, const char*, int,
                    const std::string& message) {
  // Errors are wrong input, and their texts may hold it; the caller is told by our own errors.
  if (level == google::protobuf::LOGLEVEL_FATAL) log::Error("protobuf", {{"detail", message}});
}
#endif

}  // namespace

void TakeOverLibraryLogs() {
#if OKR_GRPC_HAS_LOG_FUNCTION
  gpr_set_log_function(LogForGrpc);
#endif
#if OKR_PROTOBUF_HAS_LOG_HANDLER
  google::protobuf::SetLogHandler(LogForProtobuf);
#endif
}

}  // namespace okr::rpc
