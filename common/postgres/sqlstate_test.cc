#include "common/postgres/sqlstate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace okr::postgres {
namespace {

using absl::StatusCode;
using ::okr::testing::HasCode;
using ::okr::testing::HasReason;

struct Case {
  std::string sqlstate;
  StatusCode code;
  std::string reason;
  bool retryable = false;
  bool refused = false;
};

class SqlState : public ::testing::TestWithParam<Case> {};

TEST_P(SqlState, MapsToCodeReasonAndKind) {
  const Case& expected = GetParam();
  const absl::Status status = MakeFailure({.sqlstate = expected.sqlstate});
  EXPECT_THAT(status, HasCode(expected.code));
  EXPECT_THAT(status, HasReason(expected.reason));
  EXPECT_EQ(IsRetryable(status), expected.retryable);
  EXPECT_EQ(IsRefused(status), expected.refused);
  EXPECT_EQ(SqlStateOf(status), expected.sqlstate);
}

INSTANTIATE_TEST_SUITE_P(
    All, SqlState,
    ::testing::Values(Case{"40001", StatusCode::kAborted, "TRANSACTION_CONFLICT", true},
                      Case{"40P01", StatusCode::kAborted, "TRANSACTION_CONFLICT", true},
                      Case{"55P03", StatusCode::kAborted, "TRANSACTION_CONFLICT", true},
                      Case{"26000", StatusCode::kAborted, "TRANSACTION_CONFLICT", true},
                      Case{"08006", StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"},
                      Case{"57P01", StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"},
                      Case{"57P03", StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"},
                      Case{"57014", StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"},
                      Case{"53300", StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"},
                      Case{"25006", StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"},
                      Case{"23505", StatusCode::kAlreadyExists, "ALREADY_EXISTS", false, true},
                      Case{"23503", StatusCode::kFailedPrecondition, "CONSTRAINT_VIOLATED", false,
                           true},
                      Case{"22P02", StatusCode::kInvalidArgument, "INVALID_VALUE", false, true},
                      Case{"42501", StatusCode::kInternal, "INTERNAL", false, true},
                      Case{"42P01", StatusCode::kInternal, "INTERNAL", false, true}),
    [](const auto& info) { return info.param.sqlstate; });

TEST(Failure, TravelsInTheStatus) {
  const Failure failure{.sqlstate = "23505",
                        .message = "line\nbreak and \\ and \x1f",
                        .detail = "Key (id)=(ü) exists",
                        .constraint = "rows_pkey",
                        .statement = 3};
  EXPECT_EQ(FailureOf(MakeFailure(failure)), failure);
}

TEST(Failure, IsNotFoundInOtherStatuses) {
  EXPECT_EQ(FailureOf(absl::OkStatus()), std::nullopt);
  EXPECT_EQ(FailureOf(absl::InternalError("x")), std::nullopt);
  EXPECT_FALSE(IsConnectionLost(absl::UnavailableError("x")));
}

TEST(Failure, OfAnUnknownOutcomeIsNeitherRetryableNorRefused) {
  const absl::Status status = MakeFailure({.sqlstate = "57P01", .outcome_unknown = true});
  EXPECT_TRUE(IsOutcomeUnknown(status));
  EXPECT_FALSE(IsRetryable(status));
  EXPECT_FALSE(IsRefused(status));
  EXPECT_THAT(status, HasCode(StatusCode::kUnavailable));
}

TEST(Failure, ShowsNothingOfTheServerInItsMessage) {
  const absl::Status status = MakeFailure({.sqlstate = "42P01", .message = "no table secret"});
  EXPECT_THAT(std::string(status.message()), ::testing::Not(::testing::HasSubstr("secret")));
  EXPECT_THAT(LogDetailOf(status), ::testing::HasSubstr("no table secret (SQLSTATE 42P01)"));
}

}  // namespace
}  // namespace okr::postgres
