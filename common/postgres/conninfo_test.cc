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

TEST(Conninfo, ARefusalHoldsNoPassword) {
  for (const char* text :
       {"host=db password=my S3cret", "password=a S3cret=1", "postgresql://ann:S3cret@[db/okr",
        "postgresql://ann:S3cret%zz@db/okr", "postgresql://db?password=S3cret&S3cret"}) {
    const absl::Status status = ParseConninfo(text).status();
    EXPECT_THAT(status, okr::testing::HasCode(absl::StatusCode::kInvalidArgument)) << text;
    EXPECT_THAT(status.ToString(), ::testing::Not(::testing::HasSubstr("S3cret"))) << text;
  }
}

TEST(Conninfo, RefusesWhatItCannotRead) {
  EXPECT_THAT(ParseConninfo("nonsense=1"),
              okr::testing::HasCode(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace okr::postgres
