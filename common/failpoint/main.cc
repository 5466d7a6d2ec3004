// okr_fail_points: prints docs/fail-points.md; with --points or --faults the names only, a line
// each.
#include <cstring>
#include <iostream>

#include "common/failpoint/markdown.h"
#include "common/failpoint/table.h"

namespace {

template <typename Table>
int PrintNames(const Table& table) {
  for (const auto& row : table) std::cout << row.name << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const char* const what = argc > 1 ? argv[1] : "";
  if (std::strcmp(what, "--points") == 0) return PrintNames(okr::failpoint::kFailPoints);
  if (std::strcmp(what, "--faults") == 0) return PrintNames(okr::failpoint::kFaults);
  if (argc > 1) {
    std::cerr << "usage: okr_fail_points [--points|--faults]\n";
    return 2;
  }
  std::cout << okr::failpoint::Markdown();
  return 0;
}
