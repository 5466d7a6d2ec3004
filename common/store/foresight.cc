#include "common/store/foresight.h"

#include <set>

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

// What all commands of an organization ask for, such as the organization itself, foretells nothing.
Foresight::Keys Foresight::KeysOf(absl::string_view organization, absl::string_view method,
                                  const Wanted& first) {
  Keys keys;
  for (const auto& [table, names] : first.names) {
    for (const std::string& name : names) {
      if (!name.empty()) keys.push_back(absl::HashOf(organization, method, table, name));
    }
  }
  for (const auto& [table, selected] : first.selections) {
    for (const ColumnKey& key : selected) {
      keys.push_back(absl::HashOf(organization, method, table, key.column, ToText(key.value)));
    }
  }
  return keys;
}

void Foresight::Recall(const Keys& keys, Wanted& wanted) const {
  std::set<std::shared_ptr<const Wanted>> guesses;
  {
    const std::lock_guard lock(mutex_);
    for (const uint64_t key : keys) {
      const auto found = by_key_.find(key);
      if (found != by_key_.end()) guesses.insert(found->second);
    }
  }
  for (const auto& guess : guesses) wanted.Add(*guess);
}

void Foresight::Learn(const Keys& keys, const Wanted& later) {
  std::string fingerprint = Fingerprint(later);
  const std::lock_guard lock(mutex_);
  if (CountOf(later) > kMaxRemembered) {
    for (const uint64_t key : keys) by_key_.erase(key);
    return;
  }
  if (by_key_.size() >= capacity_) {
    by_key_.clear();
    guesses_.clear();
  }
  std::shared_ptr<const Wanted>& guess = guesses_[std::move(fingerprint)];
  if (guess == nullptr) guess = std::make_shared<const Wanted>(later);
  for (const uint64_t key : keys) by_key_[key] = guess;
}

}  // namespace okr::store
