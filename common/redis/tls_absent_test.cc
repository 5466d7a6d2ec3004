// What a build whose hiredis has no TLS says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/redis/url.h"
#include "common/testing/status_matchers.h"

namespace okr::redis {
namespace {

TEST(RedisWithoutTls, RefusesItWithAClearReason) {
  const auto options = ReadSettings({.url = "rediss://cache.example"});
  EXPECT_THAT(options, okr::testing::NamesField("--redis-url"));
  EXPECT_THAT(std::string(Validate({.tls = true}).message()),
              ::testing::AllOf(::testing::HasSubstr("hiredis"), ::testing::HasSubstr("proxy")));
}

}  // namespace
}  // namespace okr::redis
