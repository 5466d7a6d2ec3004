// Colours, for terminals only. Every colour stands beside a word that says the same.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace okr::cli {

enum class Colour { kNone, kRed, kYellow, kGreen, kBlue, kGrey, kBold };

// `text` in the colour if `use` is true.
std::string Paint(absl::string_view text, Colour colour, bool use);

}  // namespace okr::cli
