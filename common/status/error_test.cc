#include "common/status/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okr {
namespace {

TEST(Error, KeepsItsDetails) {
  const ErrorDetails details{.reason = "ETAG_MISMATCH",
                             .metadata = {{"name", "organizations/a:b"}, {"", "empty key"}},
                             .violations = {{"etag", "is \"1\"\nand : odd"}, {"", ""}},
                             .retry_delay = absl::Milliseconds(1500)};
  const absl::Status status = MakeError(absl::StatusCode::kAborted, "changed meanwhile", details);
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(DetailsOf(status), details);
}

TEST(Error, OfAnotherStatusHasNoDetails) {
  EXPECT_EQ(DetailsOf(absl::InternalError("x")), ErrorDetails{});
  EXPECT_EQ(DetailsOf(absl::OkStatus()), ErrorDetails{});
}

TEST(Violations, NameAllFieldsAtOnce) {
  Violations inner;
  inner.Add("target", "is NaN");
  Violations outer;
  outer.Add("title", "is empty");
  outer.AddFrom("metric", inner.ToStatus());
  outer.AddFrom("owner", absl::InvalidArgumentError("is nobody"));
  outer.AddFrom("unit", absl::OkStatus());
  const ErrorDetails details = DetailsOf(outer.ToStatus());
  EXPECT_EQ(details.reason, "INVALID_FIELDS");
  EXPECT_THAT(details.violations, testing::ElementsAre(FieldViolation{"title", "is empty"},
                                                       FieldViolation{"metric.target", "is NaN"},
                                                       FieldViolation{"owner", "is nobody"}));
}

TEST(Violations, NoneIsOk) { EXPECT_TRUE(Violations().ToStatus().ok()); }

}  // namespace
}  // namespace okr
