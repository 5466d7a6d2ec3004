#include "common/auth/service_token_source.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "common/auth/auth_test_support.h"
#include "common/testing/status_matchers.h"

namespace okr::auth {
namespace {

class ServiceTokenSourceTest : public ::testing::Test {
 protected:
  void Write(absl::string_view token) { std::ofstream(path_) << token; }

  const TemporaryDirectory directory_;
  const std::string path_ = directory_.path() + "/token";
  FakeClock clock_;
  ServiceTokenSource source_{path_, clock_};
};

TEST_F(ServiceTokenSourceTest, ReadsTheFile) {
  Write("abc\n");
  EXPECT_EQ(source_.Token().value(), "abc");
}

TEST_F(ServiceTokenSourceTest, FollowsAChange) {
  Write("abc");
  EXPECT_EQ(source_.Token().value(), "abc");
  Write("defghi");
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(source_.Token().value(), "defghi");
}

TEST_F(ServiceTokenSourceTest, LooksAtMostOnceASecond) {
  Write("abc");
  EXPECT_EQ(source_.Token().value(), "abc");
  Write("defghi");
  EXPECT_EQ(source_.Token().value(), "abc");
}

TEST_F(ServiceTokenSourceTest, KeepsTheOldTokenWhenTheFileIsGone) {
  Write("abc");
  EXPECT_EQ(source_.Token().value(), "abc");
  std::remove(path_.c_str());
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(source_.Token().value(), "abc");
}

TEST_F(ServiceTokenSourceTest, IsUnavailableUntilThereIsAToken) {
  EXPECT_THAT(source_.Token(), testing::HasReason("SERVICE_UNAVAILABLE"));
  Write("abc");
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(source_.Token().value(), "abc");
}

}  // namespace
}  // namespace okr::auth
