#include "common/log/logger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace okr::log {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LoggerTest : public ::testing::Test {
 protected:
  LoggerTest()
      : clock_(absl::FromUnixMillis(1'767'225'600'123)),
        logger_({.service = "goals",
                 .sink = [this](absl::string_view line) { lines_.emplace_back(line); },
                 .clock = &clock_}) {}

  std::string Line(absl::Span<const Field> fields, const Context* context = nullptr) {
    logger_.Write(Severity::kInfo, "m", fields, context);
    return lines_.back();
  }

  FakeClock clock_;
  std::vector<std::string> lines_;
  Logger logger_;
};

TEST_F(LoggerTest, WritesOneJsonLine) {
  EXPECT_EQ(Line({}),
            "{\"severity\":\"INFO\",\"time\":\"2026-01-01T00:00:00.123Z\",\"message\":\"m\","
            "\"service\":\"goals\"}\n");
}

TEST_F(LoggerTest, WritesTypedFieldsInOrder) {
  EXPECT_THAT(Line({{"text", "a\"b"},
                    {"int", -3},
                    {"size", std::numeric_limits<uint64_t>::max()},
                    {"real", 0.5},
                    {"flag", true},
                    {"took", absl::Microseconds(1500)},
                    {"since", absl::FromUnixSeconds(0)}}),
              HasSubstr("\"text\":\"a\\\"b\",\"int\":-3,\"size\":18446744073709551615,\"real\":0.5,"
                        "\"flag\":true,\"took\":1.5,\"since\":\"1970-01-01T00:00:00.000Z\"}"));
}

TEST_F(LoggerTest, QuotesWhatIsNoJsonNumber) {
  EXPECT_THAT(Line({{"real", std::nan("")}}), HasSubstr("\"real\":\"nan\""));
}

TEST_F(LoggerTest, NamesTraceAndRequest) {
  const Context context{.trace = {.trace_id = "t", .span_id = "s"}, .request_id = "r"};
  EXPECT_THAT(Line({}, &context),
              HasSubstr("\"trace_id\":\"t\",\"span_id\":\"s\",\"request_id\":\"r\""));
}

TEST_F(LoggerTest, DropsWhatIsBelowItsLevel) {
  logger_.Write(Severity::kDebug, "m", {});
  EXPECT_THAT(lines_, IsEmpty());
  logger_.SetMinSeverity(Severity::kDebug);
  logger_.Write(Severity::kDebug, "m", {});
  EXPECT_EQ(lines_.size(), 1U);
}

TEST(DefaultLogger, IsTheOneThatWasSet) {
  std::vector<std::string> lines;
  SetDefault(
      {.service = "test", .sink = [&](absl::string_view line) { lines.emplace_back(line); }});
  Info("hello", {{"n", 1}});
  Error("bad", {}, Context{.request_id = "r"});
  SetDefault({.service = "okr"});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], HasSubstr("\"message\":\"hello\",\"service\":\"test\",\"n\":1"));
  EXPECT_THAT(lines[1], HasSubstr("\"request_id\":\"r\""));
}

}  // namespace
}  // namespace okr::log
