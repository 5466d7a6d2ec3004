#include "common/config/sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okr::config {
namespace {

TEST(ReadEnvironment, TakesOnlyOurVariables) {
  const auto settings = ReadEnvironment({{"PATH", "/bin"}, {"OKR_DATABASE_URL", "x"}}, {});
  ASSERT_EQ(settings.size(), 1U);
  EXPECT_EQ(settings[0].shown, "OKR_DATABASE_URL");
  EXPECT_EQ(settings[0].name, "database-url");
  EXPECT_EQ(settings[0].value, "x");
}

TEST(ReadEnvironment, PassesOverWhatKubernetesMakesForServices) {
  EXPECT_TRUE(ReadEnvironment({{"OKR_GOALS_SERVICE_HOST", "10.0.0.1"},
                               {"OKR_GOALS_SERVICE_PORT", "7443"},
                               {"OKR_GOALS_SERVICE_PORT_GRPC", "7443"},
                               {"OKR_GOALS_PORT", "tcp://10.0.0.1:7443"},
                               {"OKR_GOALS_PORT_7443_TCP", "tcp://10.0.0.1:7443"},
                               {"OKR_GOALS_PORT_7443_TCP_PROTO", "tcp"}},
                              {})
                  .empty());
}

TEST(ReadEnvironment, KeepsAPortThatIsASetting) {
  EXPECT_EQ(ReadEnvironment({{"OKR_PORT", "7443"}}, {}).size(), 1U);
}

TEST(ReadEnvironment, PassesOverIgnoredPrefixes) {
  EXPECT_TRUE(ReadEnvironment({{"OKR_TEST_KEEP", "1"}}, {"OKR_TEST_"}).empty());
}

TEST(VariableName, IsTheSettingInCapitals) {
  EXPECT_EQ(VariableName("database-url"), "OKR_DATABASE_URL");
}

TEST(EditDistance, CountsChanges) {
  EXPECT_EQ(EditDistance("", ""), 0U);
  EXPECT_EQ(EditDistance("port", "prot"), 2U);
  EXPECT_EQ(EditDistance("listen", "lisen"), 1U);
  EXPECT_EQ(EditDistance("abc", ""), 3U);
}

}  // namespace
}  // namespace okr::config
