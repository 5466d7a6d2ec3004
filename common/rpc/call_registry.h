// The calls that are under way, so that a stopping server can end them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"

namespace okr::rpc {

// A call that the server may end.
class ActiveCall {
 public:
  virtual ~ActiveCall() = default;
  // Ends the call unless it has ended. Any thread.
  virtual void EndByServer(const absl::Status& status) = 0;
};

// Thread-safe; threads meet only in one of 16 parts.
class CallRegistry {
 public:
  void Add(const std::shared_ptr<ActiveCall>& call);
  // Nothing happens if it is not there.
  void Remove(const ActiveCall* call);
  // Ends every call that is there now.
  void EndAll(const absl::Status& status);
  size_t size() const;

 private:
  struct alignas(64) Part {
    mutable std::mutex mutex;
    absl::flat_hash_map<const ActiveCall*, std::weak_ptr<ActiveCall>> calls ABSL_GUARDED_BY(mutex);
  };

  Part& PartOf(const ActiveCall* call) {
    return parts_[(reinterpret_cast<uintptr_t>(call) >> 6) % parts_.size()];
  }

  std::array<Part, 16> parts_;
};

}  // namespace okr::rpc
