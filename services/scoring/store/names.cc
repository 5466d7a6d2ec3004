#include "services/scoring/store/names.h"

#include "absl/strings/match.h"

namespace okr::scoring {
namespace {

constexpr absl::string_view kKeyResults = "/keyResults/";

}  // namespace

std::string RelativeName(absl::string_view full_name) {
  constexpr absl::string_view kPrefix = "organizations/";
  if (!absl::StartsWith(full_name, kPrefix)) return "";
  const size_t slash = full_name.find('/', kPrefix.size());
  return slash == absl::string_view::npos ? "" : std::string(full_name.substr(slash + 1));
}

absl::string_view IdOf(absl::string_view name) { return name.substr(name.rfind('/') + 1); }

bool IsKeyResult(absl::string_view relative) { return absl::StrContains(relative, kKeyResults); }

std::string ObjectiveOf(absl::string_view key_result) {
  return std::string(key_result.substr(0, key_result.find(kKeyResults)));
}

}  // namespace okr::scoring
