#include "common/rpc/service.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/rpc/service_impl.h"

namespace okr::rpc {

Service::Service(absl::string_view name, const google::protobuf::ServiceDescriptor* descriptor)
    : name_(name), impl_(std::make_unique<ServiceImpl>(descriptor)) {}

Service::~Service() = default;

void Service::Add(absl::string_view method, MethodHandler handler) {
  impl_->Add(method, std::move(handler));
}

absl::Status Service::Ready() const {
  const std::vector<std::string> troubles = impl_->Troubles();
  if (troubles.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("service ", name_, ": ", absl::StrJoin(troubles, ", ")));
}

void Service::ShowMetrics(metrics::Registry& registry) const { impl_->ShowMetrics(registry); }

int64_t Service::open_streams() const { return impl_->open_streams(); }

grpc::Service& Service::Bind(const Gate& gate, Pool& pool) {
  impl_->Bind(gate, pool);
  return *impl_;
}

}  // namespace okr::rpc
