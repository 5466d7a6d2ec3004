// A user of fail points in a build without them: compiles, and links without the library.
#ifdef OKR_TEST_HOOKS
#undef OKR_TEST_HOOKS
#endif
#include "common/failpoint/failpoint.h"

namespace {

using okr::failpoint::FailPoint;
using okr::failpoint::Fault;

static_assert(!okr::failpoint::kCompiledIn);
static_assert(!okr::failpoint::Planted(Fault::kFoldMissing));

}  // namespace

int main() {
  int done = 0;
  okr::failpoint::Reach(FailPoint::kBatchTaken);
  okr::failpoint::ReachAfter(FailPoint::kBatchWritten, [&done] { ++done; });
  return okr::failpoint::Arm().ok() ? done : 1;
}
