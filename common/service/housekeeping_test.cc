#include "common/service/housekeeping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/store/test_support.h"
#include "common/store/writer.h"

namespace okr::service {
namespace {

TEST(Housekeeping, ForgetsAnswersAfterAWeekOnly) {
  store::NotesDatabase database;
  UuidGenerator ids;
  store::Writer writer({.database = database.runtime(), .threads = 1},
                       {.clock = SystemClock::Get(), .ids = ids, .committed = {}});
  store::TestCommand command(store::Write("notes/a", "red:one"), "r1");
  writer.Submit(command.Take());
  ASSERT_OK(command.Get().status);

  FakeClock clock(absl::Now() + absl::Hours(24 * 7 - 1));
  Housekeeping housekeeping(database.relay(), clock);
  ASSERT_OK(housekeeping.Work());
  EXPECT_THAT(database.Query("SELECT request_id FROM okr_notes.requests"),
              ::testing::ElementsAre("r1"));
  clock.Advance(absl::Hours(2));
  ASSERT_OK(housekeeping.Work());
  EXPECT_THAT(database.Query("SELECT request_id FROM okr_notes.requests"), ::testing::IsEmpty());
}

TEST(Housekeeping, StopsAtOnce) {
  Housekeeping housekeeping({.conninfo = "host=/nonexistent"}, SystemClock::Get());
  housekeeping.Start();
  housekeeping.Stop();
}

}  // namespace
}  // namespace okr::service
