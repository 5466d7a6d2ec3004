// Knows from commands before which rows a command will ask for after its first ones, so that all of
// them can be loaded in one round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/store/working_set.h"

namespace okr::store {

// A guess only: a wrong one loads a row that nobody looks at, and a missing one costs a round.
// Forgets everything when it is full. Thread-safe.
class Foresight {
 public:
  explicit Foresight(size_t capacity = 100'000) : capacity_(capacity) {}

  // Each row and selection that a command asks for first says something of its own: a caller
  // mostly works for the same team, an objective lies in one cycle.
  using Keys = std::vector<uint64_t>;
  static Keys KeysOf(absl::string_view organization, absl::string_view method, const Wanted& first);

  // Adds to `wanted` what the last commands of these keys asked for later.
  void Recall(const Keys& keys, Wanted& wanted) const;
  // `later` is what a command asked for after its first rows. Many rows are not remembered: a walk
  // along a graph seldom takes the same way again.
  void Learn(const Keys& keys, const Wanted& later);

 private:
  const size_t capacity_;
  mutable std::mutex mutex_;  // Guards what follows.
  // Many key results lie in one cycle and belong to one team: equal guesses are kept once.
  std::map<std::string, std::shared_ptr<const Wanted>> guesses_;
  absl::flat_hash_map<uint64_t, std::shared_ptr<const Wanted>> by_key_;
};

}  // namespace okr::store
