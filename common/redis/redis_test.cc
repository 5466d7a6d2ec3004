#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "common/redis/client.h"
#include "common/redis/error.h"
#include "common/redis/streams.h"
#include "common/testing/private_redis.h"
#include "common/testing/status_matchers.h"

namespace okr::redis {
namespace {

using ::okr::testing::HasCode;
using ::okr::testing::HasReason;
using ::okr::testing::PrivateRedis;
using ::testing::HasSubstr;

class RedisTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto options = okr::testing::SharedRedis();
    ASSERT_OK(options);
    client_ = std::make_unique<Client>(ClientOptions{.connection = *options});
    prefix_ = absl::StrCat("test:", getpid(), ":",
                           ::testing::UnitTest::GetInstance()->current_test_info()->name(), ":");
  }

  std::string Key(absl::string_view name) const { return absl::StrCat(prefix_, name); }

  absl::Status Add(const std::string& stream, absl::string_view id, absl::string_view value) {
    return client_->Command({"XADD", stream, id, "event", value}).status();
  }

  std::unique_ptr<Client> client_;
  std::string prefix_;
};

TEST_F(RedisTest, CarriesAnyBytes) {
  const std::string value("a\0\r\n\xff", 5);
  ASSERT_OK(client_->Command({"SET", Key("k"), value}));
  ASSERT_OK_AND_ASSIGN(const Reply reply, client_->Command({"GET", Key("k")}));
  EXPECT_EQ(reply.text(), value);
}

TEST_F(RedisTest, GivesATreeWhosePartsLiveOn) {
  std::optional<Reply> part;
  {
    ASSERT_OK_AND_ASSIGN(const Reply reply,
                         client_->Command({"EVAL", "return {1, {'two', false}}", "0"}));
    ASSERT_EQ(reply.size(), 2);
    EXPECT_EQ(reply[0].integer(), 1);
    part = reply[1];
  }
  EXPECT_EQ((*part)[0].text(), "two");
  EXPECT_TRUE((*part)[1].is_nil());
}

TEST_F(RedisTest, PipelinesCommandsInOneRoundTrip) {
  const std::string key = Key("n");
  ASSERT_OK_AND_ASSIGN(const std::vector<Reply> replies,
                       client_->Pipeline({{"INCR", key}, {"NONSENSE"}, {"INCR", key}}));
  ASSERT_EQ(replies.size(), 3);
  EXPECT_EQ(replies[0].integer(), 1);
  EXPECT_FALSE(replies[1].ToStatus().ok());
  EXPECT_EQ(replies[2].integer(), 2);
}

TEST_F(RedisTest, SendsAndReadsMoreThanTheSocketHolds) {
  const std::string large(1 << 20, 'x');
  const std::vector<Arguments> commands(20, {"ECHO", large});
  ASSERT_OK_AND_ASSIGN(const std::vector<Reply> replies, client_->Pipeline(commands));
  EXPECT_EQ(replies.back().text(), large);
}

TEST_F(RedisTest, ErrorReplyIsInternalAndKeepsTheServersWordsForTheLog) {
  const absl::Status status = client_->Command({"NONSENSE"}).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kInternal));
  EXPECT_THAT(LogDetailOf(status), HasSubstr("unknown command"));
  EXPECT_EQ(ErrorCodeOf(status), "ERR");
  EXPECT_TRUE(client_->connected());
}

TEST_F(RedisTest, RunsAScriptThatTheServerDoesNotKnowYet) {
  const Script script("return {KEYS[1], ARGV[1]}");
  ASSERT_OK(client_->Command({"SCRIPT", "FLUSH"}));
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK_AND_ASSIGN(const Reply reply, client_->Eval(script, {"key"}, {"value"}));
    EXPECT_EQ(reply[0].text(), "key");
    EXPECT_EQ(reply[1].text(), "value");
  }
  ASSERT_OK_AND_ASSIGN(const Reply known, client_->Command({"SCRIPT", "EXISTS", script.digest()}));
  EXPECT_EQ(known[0].integer(), 1);
}

TEST_F(RedisTest, ReadsStreamsFromTheirPositions) {
  const std::string first = Key("a");
  const std::string second = Key("b");
  for (int i = 1; i <= 3; ++i) ASSERT_OK(Add(first, absl::StrCat("7-", i), absl::StrCat("a", i)));
  ASSERT_OK(Add(second, "9-1", "b1"));
  ASSERT_OK_AND_ASSIGN(const auto entries, XRead(*client_, {{first, "7-1"}, {second, "0-0"}}, 10,
                                                 absl::ZeroDuration()));
  ASSERT_EQ(entries.size(), 3);
  EXPECT_EQ(entries[0].id, "7-2");
  EXPECT_EQ(entries[1].Field("event"), "a3");
  EXPECT_EQ(entries[2].stream, second);
  EXPECT_EQ(entries[2].Field("other"), std::nullopt);
}

TEST_F(RedisTest, ReadsNoMoreThanCountOfEachStream) {
  const std::string stream = Key("s");
  for (int i = 1; i <= 3; ++i) ASSERT_OK(Add(stream, absl::StrCat("1-", i), "x"));
  ASSERT_OK_AND_ASSIGN(const auto entries,
                       XRead(*client_, {{stream, "0-0"}}, 2, absl::ZeroDuration()));
  EXPECT_EQ(entries.size(), 2);
}

TEST_F(RedisTest, BlockedReadGivesNothingAfterItsTime) {
  ASSERT_OK_AND_ASSIGN(const auto entries,
                       XRead(*client_, {{Key("none"), "0-0"}}, 2, absl::Milliseconds(20)));
  EXPECT_TRUE(entries.empty());
}

TEST_F(RedisTest, TellsTheLastEntry) {
  const std::string stream = Key("s");
  ASSERT_OK_AND_ASSIGN(const auto none, XRangeLast(*client_, stream));
  EXPECT_EQ(none, std::nullopt);
  ASSERT_OK(Add(stream, "5-1", "x"));
  ASSERT_OK(Add(stream, "5-2", "y"));
  ASSERT_OK_AND_ASSIGN(const auto last, XRangeLast(*client_, stream));
  EXPECT_EQ(last->id, "5-2");
  EXPECT_EQ(last->Field("event"), "y");
}

TEST_F(RedisTest, TellsTheLastIdAlsoOfATrimmedStream) {
  const std::string stream = Key("s");
  ASSERT_OK_AND_ASSIGN(const auto none, XLastId(*client_, stream));
  EXPECT_EQ(none, std::nullopt);
  ASSERT_OK(Add(stream, "5-7", "x"));
  ASSERT_OK(client_->Command({"XTRIM", stream, "MAXLEN", "0"}));
  ASSERT_OK_AND_ASSIGN(const auto last, XLastId(*client_, stream));
  EXPECT_EQ(last, "5-7");
}

TEST_F(RedisTest, ReadsTheConfiguration) {
  ASSERT_OK_AND_ASSIGN(const auto policy, client_->ConfigGet("maxmemory-policy"));
  EXPECT_EQ(policy, "noeviction");
  ASSERT_OK_AND_ASSIGN(const auto unknown, client_->ConfigGet("no-such-setting"));
  EXPECT_EQ(unknown, std::nullopt);
}

class RedisOutageTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(server_, PrivateRedis::Make()); }

  ClientOptions Options() {
    settings_ = server_->options();
    settings_.command_timeout = absl::Milliseconds(200);
    return {.connection = settings_,
            .backoff = {.initial = absl::Hours(1), .longest = absl::Hours(1)},
            .now = [this] { return absl::Now() + skipped_; },
            .random = [] { return 0.0; }};
  }

  std::unique_ptr<PrivateRedis> server_;
  redis::Options settings_;
  absl::Duration skipped_;
};

TEST_F(RedisOutageTest, UsesARestartedServerWithoutAnError) {
  Client client(Options());
  ASSERT_OK(client.Command({"PING"}));
  ASSERT_OK(server_->Kill());
  ASSERT_OK(server_->Start());
  EXPECT_OK(client.Command({"PING"}));
}

TEST_F(RedisOutageTest, IsUnavailableWithRetryAdviceWhileTheServerIsAway) {
  Client client(Options());
  ASSERT_OK(server_->Kill());
  const absl::Status status = client.Command({"PING"}).status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(status, HasReason("REDIS_UNAVAILABLE"));
  EXPECT_TRUE(DetailsOf(status).retry_delay.has_value());
  EXPECT_FALSE(client.connected());
}

TEST_F(RedisOutageTest, TriesAgainOnlyAfterItsBackoff) {
  Client client(Options());
  ASSERT_OK(server_->Kill());
  ASSERT_FALSE(client.Command({"PING"}).ok());
  ASSERT_OK(server_->Start());
  EXPECT_THAT(client.Command({"PING"}), HasReason("REDIS_UNAVAILABLE"));
  skipped_ = absl::Hours(2);
  EXPECT_OK(client.Command({"PING"}));
}

TEST_F(RedisOutageTest, StalledServerIsUnavailableAfterTheTimeout) {
  Client client(Options());
  ASSERT_OK(client.Command({"PING"}));
  server_->Pause();
  EXPECT_THAT(client.Command({"PING"}), HasReason("REDIS_UNAVAILABLE"));
  EXPECT_FALSE(client.connected()) << "a late reply must not answer the next command";
  server_->Resume();
  EXPECT_OK(client.Command({"PING"}));
}

TEST_F(RedisOutageTest, ConnectionLostInTheMiddleOfACommandIsUnavailable) {
  Client client(Options());
  Client killer(Options());
  ASSERT_OK_AND_ASSIGN(const Reply id, client.Command({"CLIENT", "ID"}));
  std::thread kills([&killer, &id] {
    const std::string text = absl::StrCat(id.integer());
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (absl::Now() < deadline) {
      const auto clients = killer.Command({"CLIENT", "LIST", "ID", text});
      if (clients.ok() && absl::StrContains(clients->text(), "cmd=blpop")) break;
    }
    EXPECT_OK(killer.Command({"CLIENT", "KILL", "ID", text}));
  });
  EXPECT_THAT(client.Command({"BLPOP", "none", "0"}, absl::Seconds(20)),
              HasReason("REDIS_UNAVAILABLE"));
  kills.join();
  EXPECT_OK(client.Command({"PING"}));
}

TEST(RedisAuthentication, UsesThePassword) {
  ASSERT_OK_AND_ASSIGN(auto server, PrivateRedis::Make({"--requirepass", "pass word"}));
  Options options = server->options();
  options.password = "pass word";
  Client client({.connection = options});
  EXPECT_OK(client.Command({"PING"}));
}

TEST(RedisAuthentication, WrongPasswordIsUnavailable) {
  ASSERT_OK_AND_ASSIGN(auto server, PrivateRedis::Make({"--requirepass", "right"}));
  Options options = server->options();
  options.password = "wrong";
  Client client({.connection = options});
  EXPECT_THAT(client.Command({"PING"}), HasReason("REDIS_UNAVAILABLE"));
}

}  // namespace
}  // namespace okr::redis
