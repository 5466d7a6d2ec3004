// Who a token's subject is, remembered for a moment, so that hot reads need not ask each time.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"
#include "common/store/reader.h"
#include "services/goals/transport/actor.h"

namespace okr::goals::transport {

// A person who is deactivated or gets another subject is known so after kLifetime at the latest; a
// new one at once. Thread-safe.
class CallerCache {
 public:
  static constexpr absl::Duration kLifetime = absl::Seconds(2);

  // `reader` must outlive it.
  explicit CallerCache(store::Reader& reader) : reader_(reader) {}

  // Calls `done` once, here or on a thread of the reader. PERMISSION_DENIED for a deactivated
  // person. `organization` is the one that is read. `call` must live until then.
  void Find(const rpc::Call& call, const std::string& organization,
            std::function<void(absl::StatusOr<Actor>)> done);

 private:
  using Key = std::pair<std::string, std::string>;  // Organization, subject.
  struct Entry {
    PersonName person;
    absl::Time expiry;
  };

  std::optional<PersonName> Known(const Key& key, absl::Time now);
  absl::StatusOr<std::optional<PersonName>> Take(const Key& key, absl::Time now,
                                                 const std::optional<store::ReadRow>& row);

  store::Reader& reader_;
  std::mutex mutex_;  // Guards what follows.
  absl::flat_hash_map<Key, Entry> entries_;
};

}  // namespace okr::goals::transport
