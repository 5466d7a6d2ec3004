#include "common/store/foresight.h"

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"

namespace okr::store {
namespace {

constexpr size_t kMaxRemembered = 32;

std::string ToText(const ColumnValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : absl::StrCat(std::get<int64_t>(value));
}

// One text for one set of rows; the addresses of tables last as long as the program.
std::string Fingerprint(const Wanted& wanted) {
  std::string text;
  for (const auto& [table, names] : wanted.names) {
    absl::StrAppend(&text, absl::Hex(reinterpret_cast<uintptr_t>(table)), "\n");
    for (const std::string& name : names) absl::StrAppend(&text, name, "\n");
  }
  for (const auto& [table, keys] : wanted.selections) {
    absl::StrAppend(&text, absl::Hex(reinterpret_cast<uintptr_t>(table)), "\n");
    for (const ColumnKey& key : keys) {
      absl::StrAppend(&text, key.column, "=", ToText(key.value), "\n");
    }
  }
  return text;
}

size_t CountOf(const Wanted& wanted) {
  size_t count = 0;
  for (const auto& [table, names] : wanted.names) count += names.size();
  for (const auto& [table, keys] : wanted.selections) count += keys.size();
  return count;
}

}  // namespace

Foresight::Key Foresight::KeyOf(absl::string_view organization, absl::string_view method,
                                const Wanted& first) {
  return absl::HashOf(organization, method, Fingerprint(first));
}

void Foresight::Recall(Key key, Wanted& wanted) const {
  std::shared_ptr<const Wanted> guess;
  {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return;
    guess = found->second;
  }
  wanted.Add(*guess);
}

void Foresight::Learn(Key key, const Wanted& later) {
  std::string fingerprint = Fingerprint(later);
  const std::lock_guard lock(mutex_);
  if (CountOf(later) > kMaxRemembered) {
    by_key_.erase(key);
    return;
  }
  if (by_key_.size() >= capacity_) {
    by_key_.clear();
    guesses_.clear();
  }
  std::shared_ptr<const Wanted>& guess = guesses_[std::move(fingerprint)];
  if (guess == nullptr) guess = std::make_shared<const Wanted>(later);
  by_key_[key] = guess;
}

}  // namespace okr::store
