#include "common/failpoint/markdown.h"

#include "absl/strings/str_cat.h"
#include "common/failpoint/table.h"

namespace okr::failpoint {
namespace {

constexpr absl::string_view kBegin = R"md(# Fail points and planted faults

Made by `build/dev/bin/okr_fail_points > docs/fail-points.md` from `common/failpoint/table.h`; do not edit.

Builds with the CMake option `OKR_TEST_HOOKS` (the presets `dev`, `asan` and `tsan`; never `release`) can be made to fail
by the environment of a service. `tests/chaos` does so; without the option nothing of it is in the programs, which
`common/failpoint/check_absent PROGRAM...` proves.

## Fail points

`OKR_TEST_FAIL_POINT=batch.committed` ends the process by SIGKILL at this place, `batch.committed:3` at the third time. Each
point is reached by a test that starts the process again and finds nothing lost and nothing twice
(`tests/chaos/fail_points_test.py`).

)md";

constexpr absl::string_view kFaultsBegin = R"md(
## Planted faults

`OKR_TEST_FAULT=fold-missing-in-batch` makes a service do this wrong. Each fault is caught by a test or by the checker of
the random run (`tests/chaos/planted_faults_test.py`).

)md";

template <typename Table>
void AppendTable(std::string& text, absl::string_view head, const Table& table) {
  absl::StrAppend(&text, "| ", head, " | meaning |\n| --- | --- |\n");
  for (const auto& row : table) {
    absl::StrAppend(&text, "| `", row.name, "` | ", row.meaning, " |\n");
  }
}

}  // namespace

std::string Markdown() {
  std::string text(kBegin);
  AppendTable(text, "fail point", kFailPoints);
  text.append(kFaultsBegin.data(), kFaultsBegin.size());
  AppendTable(text, "fault", kFaults);
  return text;
}

}  // namespace okr::failpoint
