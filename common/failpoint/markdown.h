// The text of docs/fail-points.md.
#pragma once

#include <string>

namespace okr::failpoint {

std::string Markdown();

}  // namespace okr::failpoint
