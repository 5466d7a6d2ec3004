#include "common/redis/url.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "common/testing/status_matchers.h"

namespace okr::redis {
namespace {

using okr::testing::HasCode;

TEST(ParseUrl, ReadsHostPortAndLogin) {
  ASSERT_OK_AND_ASSIGN(const Options options, ParseUrl("redis://okr:pa:ss@cache.example:6380/"));
  EXPECT_EQ(options.host, "cache.example");
  EXPECT_EQ(options.port, 6380);
  EXPECT_EQ(options.username, "okr");
  EXPECT_EQ(options.password, "pa:ss");
  EXPECT_FALSE(options.tls);
}

TEST(ParseUrl, HasADefaultPort) {
  ASSERT_OK_AND_ASSIGN(const Options options, ParseUrl("rediss://[::1]"));
  EXPECT_EQ(options.host, "::1");
  EXPECT_EQ(options.port, 6379);
  EXPECT_TRUE(options.tls);
}

TEST(ParseUrl, ReadsASocket) {
  ASSERT_OK_AND_ASSIGN(const Options options, ParseUrl("unix:///run/redis.sock"));
  EXPECT_EQ(options.unix_socket, "/run/redis.sock");
}

TEST(ParseUrl, RefusesEverythingElse) {
  for (const char* url :
       {"", "cache:6379", "http://cache", "redis://", "redis://cache:port", "redis://cache:0",
        "redis://cache:70000", "redis://secret@cache", "unix://run", "redis://cache/0",
        "redis://cache: 6379", "redis://cache:+6379", "redis://::1", "redis://[::1",
        "redis://[::1]6379", "redis://[]", "redis://ca che"}) {
    EXPECT_THAT(ParseUrl(url), HasCode(absl::StatusCode::kInvalidArgument)) << url;
  }
}

TEST(ReadSettings, LetsThePasswordBeASettingOfItsOwn) {
  ASSERT_OK_AND_ASSIGN(const Options options,
                       ReadSettings({.url = "redis://okr:old@cache", .password = "new"}));
  EXPECT_EQ(options.username, "okr");
  EXPECT_EQ(options.password, "new");
}

TEST(ReadSettings, NamesTheUrlAndNotWhatItHolds) {
  const auto options = ReadSettings({.url = "http://:secret@cache"});
  EXPECT_THAT(options, okr::testing::NamesField("--redis-url"));
  EXPECT_FALSE(absl::StrContains(options.status().ToString(), "secret"));
}

TEST(ReadSettings, RefusesFilesThatWouldHaveNoEffect) {
  const auto options = ReadSettings({.url = "redis://cache", .ca_file = "/ca", .key_file = "/key"});
  EXPECT_THAT(options, okr::testing::NamesField("--redis-ca-file"));
  EXPECT_THAT(options, okr::testing::NamesField("--redis-key-file"));
}

}  // namespace
}  // namespace okr::redis
