#include "cli/render/style.h"

#include "absl/strings/str_cat.h"

namespace okr::cli {

std::string Paint(absl::string_view text, Colour colour, bool use) {
  static constexpr const char* kCodes[] = {"0", "31", "33", "32", "34", "90", "1"};
  if (!use || colour == Colour::kNone || text.empty()) return std::string(text);
  return absl::StrCat("\x1B[", kCodes[static_cast<size_t>(colour)], "m", text, "\x1B[0m");
}

}  // namespace okr::cli
