#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/failpoint/child.h"
#include "common/service/housekeeping.h"
#include "common/store/test_support.h"
#include "common/store/writer.h"

namespace okr::service {
namespace {

using failpoint::End;
using failpoint::FailPoint;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HousekeepingCrash : public ::testing::TestWithParam<FailPoint> {
 protected:
  // Each in a process of its own.
  End Write() {
    return failpoint::RunInChild("", "", [this] {
      UuidGenerator ids;
      store::Writer writer({.database = database_.runtime(), .threads = 1},
                           {.clock = SystemClock::Get(), .ids = ids, .committed = {}});
      store::TestCommand command(store::Write("notes/a", "red:one"), "r1");
      writer.Submit(command.Take());
      return command.Get().status.ok();
    });
  }
  End WorkAfterAWeek(absl::string_view fail_point) {
    return failpoint::RunInChild(fail_point, "", [this] {
      FakeClock clock(absl::Now() + absl::Hours(24 * 8));
      return Housekeeping(database_.relay(), clock).Work().ok();
    });
  }
  std::vector<std::string> Requests() const {
    return database_.Query("SELECT request_id FROM okr_notes.requests");
  }

  store::NotesDatabase database_;
};

TEST_P(HousekeepingCrash, TheNextTimeFinishesIt) {
  ASSERT_EQ(Write(), End::kTrue);
  ASSERT_THAT(Requests(), ElementsAre("r1"));
  ASSERT_EQ(WorkAfterAWeek(failpoint::RowOf(GetParam()).name), End::kKilled);
  ASSERT_EQ(WorkAfterAWeek(""), End::kTrue);
  EXPECT_THAT(Requests(), IsEmpty());
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=red:one v1"));
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, HousekeepingCrash,
                         ::testing::Values(FailPoint::kHousekeepingBegun,
                                           FailPoint::kHousekeepingDone),
                         [](const auto& info) { return failpoint::TestNameOf(info.param); });

}  // namespace
}  // namespace okr::service
