#include "common/rpc/call_registry.h"

namespace okr::rpc {

void CallRegistry::Add(const std::shared_ptr<ActiveCall>& call) {
  Part& part = PartOf(call.get());
  const std::lock_guard lock(part.mutex);
  part.calls.emplace(call.get(), call);
}

void CallRegistry::Remove(const ActiveCall* call) {
  Part& part = PartOf(call);
  const std::lock_guard lock(part.mutex);
  part.calls.erase(call);
}

void CallRegistry::EndAll(const absl::Status& status) {
  for (Part& part : parts_) {
    std::vector<std::shared_ptr<ActiveCall>> calls;
    {
      const std::lock_guard lock(part.mutex);
      for (const auto& [key, weak] : part.calls) {
        if (auto call = weak.lock()) calls.push_back(std::move(call));
      }
    }
    for (const std::shared_ptr<ActiveCall>& call : calls) call->EndByServer(status);
  }
}

size_t CallRegistry::size() const {
  size_t size = 0;
  for (const Part& part : parts_) {
    const std::lock_guard lock(part.mutex);
    size += part.calls.size();
  }
  return size;
}

}  // namespace okr::rpc
