#include "common/postgres/conninfo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace okr::postgres {
namespace {

TEST(Conninfo, ReadsPairsAndUris) {
  ASSERT_OK_AND_ASSIGN(auto pairs, ParseConninfo("host=/run dbname=okr"));
  EXPECT_EQ(pairs["host"], "/run");
  ASSERT_OK_AND_ASSIGN(auto uri, ParseConninfo("postgresql://ann@db:5433/okr"));
  EXPECT_EQ(uri["user"], "ann");
  EXPECT_EQ(uri["port"], "5433");
}

TEST(Conninfo, ChangesAreReadBackUnchanged) {
  ASSERT_OK_AND_ASSIGN(const std::string changed,
                       ChangeConninfo("postgresql://ann@db/okr", {{"password", "it's a \\ b"}}));
  ASSERT_OK_AND_ASSIGN(auto settings, ParseConninfo(changed));
  EXPECT_EQ(settings["password"], "it's a \\ b");
  EXPECT_EQ(settings["host"], "db");
}

TEST(Conninfo, RefusesWhatItCannotRead) {
  EXPECT_THAT(ParseConninfo("nonsense=1"),
              okr::testing::HasCode(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace okr::postgres
