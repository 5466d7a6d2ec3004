#include "cli/render/errors.h"

#include <gtest/gtest.h>

#include "common/status/error.h"

namespace okr::cli {
namespace {

TEST(RenderError, NamesEveryWrongFieldReasonAdviceAndRequest) {
  const absl::Status status =
      WithRequestId(MakeError(absl::StatusCode::kInvalidArgument, "2 fields are wrong",
                              {.reason = "INVALID_FIELDS",
                               .violations = {{"objective.title", "must not be empty"},
                                              {"objective.owner", "no such person"}}}),
                    "r-1");
  EXPECT_EQ(RenderError(status),
            "okrctl: 2 fields are wrong\n"
            "  objective.title: must not be empty\n"
            "  objective.owner: no such person\n"
            "reason: INVALID_FIELDS\n"
            "Mend the fields above and try again.\n"
            "request id: r-1\n");
}

TEST(RenderError, ShowsMetadataAndRetryAdvice) {
  const absl::Status status =
      MakeError(absl::StatusCode::kUnavailable, "PostgreSQL cannot be reached",
                {.reason = "DATABASE_UNAVAILABLE",
                 .metadata = {{"service", "goals"}},
                 .retry_delay = absl::Seconds(2)});
  EXPECT_EQ(RenderError(status),
            "okrctl: PostgreSQL cannot be reached\n"
            "reason: DATABASE_UNAVAILABLE (service goals)\n"
            "Try again in 2s.\n");
}

TEST(RenderError, DoesNotLetAServiceSteerTheTerminal) {
  const std::string text =
      RenderError(MakeError(absl::StatusCode::kNotFound, "a\x1B[2Jb", {.reason = "X"}));
  EXPECT_EQ(text.find('\x1B'), std::string::npos);
}

TEST(ExitCodeOf, TellsWhoseFaultItIs) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), 0);
  EXPECT_EQ(
      ExitCodeOf(MakeError(absl::StatusCode::kNotFound, "x", {.reason = "RESOURCE_NOT_FOUND"})), 1);
  EXPECT_EQ(ExitCodeOf(absl::InternalError("x")), 1);
  EXPECT_EQ(ExitCodeOf(UsageError("x")), 2);
  EXPECT_EQ(ExitCodeOf(Unreachable("goals", "127.0.0.1:1", "refused")), 3);
}

}  // namespace
}  // namespace okr::cli
