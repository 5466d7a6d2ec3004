#include "common/failpoint/failpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

#include "common/failpoint/child.h"
#include "common/failpoint/markdown.h"
#include "common/testing/status_matchers.h"

namespace okr::failpoint {
namespace {

using internal::Parse;
using okr::testing::HasCode;
using ::testing::AllOf;
using ::testing::HasSubstr;

static_assert(kCompiledIn, "this test is always built with the hooks");

TEST(Arming, NothingIsArmedByNothing) {
  ASSERT_OK_AND_ASSIGN(const internal::Armed armed, Parse("", ""));
  EXPECT_FALSE(armed.point.has_value());
  EXPECT_FALSE(armed.fault.has_value());
}

TEST(Arming, APointIsArmedForItsFirstOrNthTime) {
  ASSERT_OK_AND_ASSIGN(const internal::Armed first, Parse("batch.committed", ""));
  EXPECT_EQ(first.point, FailPoint::kBatchCommitted);
  EXPECT_EQ(first.at, 1);
  ASSERT_OK_AND_ASSIGN(const internal::Armed third, Parse("relay.log_read:3", ""));
  EXPECT_EQ(third.point, FailPoint::kRelayLogRead);
  EXPECT_EQ(third.at, 3);
}

TEST(Arming, AFaultIsPlantedByItsName) {
  ASSERT_OK_AND_ASSIGN(const internal::Armed armed, Parse("", "seal-ignored-at-close"));
  EXPECT_EQ(armed.fault, Fault::kSealIgnored);
}

TEST(Arming, RefusesWhatDoesNotExistAndSaysWhatDoes) {
  for (const char* wrong : {"batch.comitted", "batch", ":1", "BATCH.COMMITTED"}) {
    const absl::Status status = Parse(wrong, "").status();
    EXPECT_THAT(status, HasCode(absl::StatusCode::kInvalidArgument)) << wrong;
    EXPECT_THAT(std::string(status.message()),
                AllOf(HasSubstr("OKR_TEST_FAIL_POINT"), HasSubstr("batch.committed")));
  }
  EXPECT_THAT(std::string(Parse("", "no-such-fault").status().message()),
              AllOf(HasSubstr("OKR_TEST_FAULT"), HasSubstr("fold-missing-in-batch")));
}

TEST(Arming, RefusesACountThatIsNone) {
  for (const char* wrong : {"batch.taken:", "batch.taken:0", "batch.taken:-1", "batch.taken:x"}) {
    EXPECT_THAT(Parse(wrong, ""), HasCode(absl::StatusCode::kInvalidArgument)) << wrong;
  }
}

TEST(Reaching, EndsTheProcessAtTheArmedPointOnly) {
  const auto reach_both = [] {
    Reach(FailPoint::kBatchTaken);
    Reach(FailPoint::kBatchTold);
    return true;
  };
  EXPECT_EQ(RunInChild("batch.told", "", reach_both), End::kKilled);
  EXPECT_EQ(RunInChild("batch.begun", "", reach_both), End::kTrue);
  EXPECT_EQ(RunInChild("", "", reach_both), End::kTrue);
}

TEST(Reaching, CountsTheArrivals) {
  const auto reach_twice = [] {
    Reach(FailPoint::kBatchTaken);
    Reach(FailPoint::kBatchTaken);
    return true;
  };
  EXPECT_EQ(RunInChild("batch.taken:2", "", reach_twice), End::kKilled);
  EXPECT_EQ(RunInChild("batch.taken:3", "", reach_twice), End::kTrue);
}

TEST(Reaching, DoesItsLastActWhenItEndsOnly) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const auto act = [&] {
    bool written = false;
    ReachAfter(FailPoint::kBatchWritten, [&] { written = write(pipe_ends[1], "a", 1) == 1; });
    return !written;
  };
  EXPECT_EQ(RunInChild("batch.told", "", act), End::kTrue);
  EXPECT_EQ(RunInChild("batch.written:1", "", act), End::kKilled);
  close(pipe_ends[1]);
  char seen[2];
  EXPECT_EQ(read(pipe_ends[0], seen, sizeof(seen)), 1);
  close(pipe_ends[0]);
}

TEST(Reaching, PlantsTheNamedFaultOnly) {
  const auto planted = [](Fault fault) { return [fault] { return Planted(fault); }; };
  const char* const fold = "fold-missing-in-batch";
  EXPECT_EQ(RunInChild("", fold, planted(Fault::kFoldMissing)), End::kTrue);
  EXPECT_EQ(RunInChild("", fold, planted(Fault::kSealIgnored)), End::kFalse);
  EXPECT_EQ(RunInChild("", "", planted(Fault::kFoldMissing)), End::kFalse);
}

TEST(Reaching, AWrongNameStopsTheStart) {
  const auto start = [] { return Arm().ok(); };
  EXPECT_EQ(RunInChild("batch.gone", "", start), End::kFalse);
  EXPECT_EQ(RunInChild("", "no-such-fault", start), End::kFalse);
  EXPECT_EQ(RunInChild("batch.told", "", start), End::kTrue);
}

TEST(Table, NamesAreUniqueAndEveryMeaningIsASentence) {
  std::set<absl::string_view> names;
  const auto check = [&names](absl::string_view name, absl::string_view meaning) {
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find(':'), absl::string_view::npos) << name;
    EXPECT_EQ(meaning.back(), '.') << name;
  };
  for (const auto& row : kFailPoints) check(row.name, row.meaning);
  for (const auto& row : kFaults) check(row.name, row.meaning);
}

TEST(Table, IsWhatTheDocumentationSays) {
  std::ifstream file("docs/fail-points.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), Markdown())
      << "renew it: build/dev/bin/okr_fail_points > docs/fail-points.md";
}

}  // namespace
}  // namespace okr::failpoint
