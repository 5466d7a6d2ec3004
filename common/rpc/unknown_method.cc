#include "common/rpc/unknown_method.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/log/logger.h"
#include "common/rpc/grpc_status.h"
#include "common/rpc/utf8.h"
#include "common/status/error.h"

namespace okr::rpc {
namespace {

constexpr size_t kMaxShownBytes = 200;

class Refusal final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Refusal(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

absl::Status MethodUnknown(const std::string& method) {
  return MakeError(
      absl::StatusCode::kUnimplemented,
      absl::StrCat("There is no method ", method, " here; server reflection tells all"),
      {.reason = "METHOD_UNKNOWN", .metadata = {{"method", method}}});
}

}  // namespace

grpc::ServerGenericBidiReactor* UnknownMethodService::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  calls_.Add();
  const std::string method = ToShortText(context->method(), kMaxShownBytes);
  log::Info("rpc", {{"method", method}, {"code", "UNIMPLEMENTED"}, {"reason", "METHOD_UNKNOWN"}});
  return new Refusal(ToGrpc(MethodUnknown(method)));
}

}  // namespace okr::rpc
