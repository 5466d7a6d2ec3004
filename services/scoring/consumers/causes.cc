#include "services/scoring/consumers/causes.h"

#include "absl/strings/match.h"

namespace okr::scoring {
namespace {

bool IsOrIsBeneath(absl::string_view name, absl::string_view other) {
  return absl::StartsWith(name, other) &&
         (name.size() == other.size() || name[other.size()] == '/');
}

}  // namespace

void Causes::Add(std::string subject, std::string traceparent) {
  causes_.emplace_back(std::move(subject), std::move(traceparent));
}

std::string Causes::TraceparentOf(absl::string_view subject) const {
  for (auto cause = causes_.rbegin(); cause != causes_.rend(); ++cause) {
    if (IsOrIsBeneath(cause->first, subject)) return cause->second;
  }
  return causes_.empty() ? std::string() : causes_.back().second;
}

}  // namespace okr::scoring
