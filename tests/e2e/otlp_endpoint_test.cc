// What a service says to an otlp-endpoint that it can do nothing with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/company.h"

namespace okr::testing {
namespace {

using ::testing::HasSubstr;

// What goals says before it ends.
std::string RefusalOf(const std::string& setting) {
  Suite& suite = Suite::Shared();
  EXPECT_EQ(suite.StopService("goals", 9).value(), 128 + 9);
  EXPECT_OK(suite.StartService("goals", {setting}));
  EXPECT_EQ(suite.StopService("goals", 0).value(), 2);
  const std::string said = suite.LogOf("goals");
  EXPECT_OK(suite.StartService("goals"));
  EXPECT_OK(suite.AwaitHealth("goals", true, absl::Seconds(60)));
  return said;
}

TEST(OtlpEndpoint, IsRefusedWithAClearLineWhereItCannotBeUsed) {
#if OKR_HAS_OPENTELEMETRY
  EXPECT_THAT(RefusalOf("OKR_OTLP_ENDPOINT=collector:4317"),
              HasSubstr("okr-goals: --otlp-endpoint: is \"collector:4317\"; expected http://"));
#else
  EXPECT_THAT(RefusalOf("OKR_OTLP_ENDPOINT=http://collector:4317"),
              HasSubstr("okr-goals: --otlp-endpoint is set, but this program was built without "
                        "opentelemetry-cpp"));
#endif
}

TEST(OtlpEndpoint, RatiosAreFromZeroToOne) {
  EXPECT_THAT(RefusalOf("OKR_TRACE_SAMPLE_RATIO=2"),
              HasSubstr("OKR_TRACE_SAMPLE_RATIO: is \"2\", expected a number from 0 to 1"));
}

}  // namespace
}  // namespace okr::testing
