// What this caller wrote, so that its next reads show it: also those of the next process.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/rpc/consistency_token.h"

namespace okr::cli {

// Keeps the furthest position of each log for a minute. Not thread-safe.
class ConsistencyMemory {
 public:
  // `path` is a small file of this user; empty for none. What cannot be read or written is as if it
  // was not there. `clock` must outlive it.
  ConsistencyMemory(std::string path, const Clock& clock);

  // What the service told after a write.
  void Remember(absl::string_view tokens);
  // To be sent with a call; empty if there is nothing.
  std::string ToSend() const;
  // After a log turned out not to be the one that was written to.
  void Forget();

 private:
  struct Entry {
    rpc::ConsistencyToken token;
    absl::Time time;
  };

  void Add(const rpc::ConsistencyToken& token, absl::Time time);
  void Load();
  void Save() const;

  const std::string path_;
  const Clock& clock_;
  std::vector<Entry> entries_;
};

}  // namespace okr::cli
