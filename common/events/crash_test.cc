// Ends relays and consumers at each of their fail points, starts them again, and looks whether
// anything is lost or happened twice. What is applied has no key, so a repeat would show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/consumer.h"
#include "common/events/events_fixture.h"
#include "common/events/relay.h"
#include "common/events/stream_writer.h"
#include "common/failpoint/child.h"
#include "common/redis/streams.h"
#include "common/testing/private_redis.h"
#include "common/testing/status_matchers.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;
using failpoint::End;
using failpoint::FailPoint;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const char kGood[] = "organizations/acme/objectives/good";
const char kBad[] = "organizations/acme/objectives/bad";
constexpr int64_t kLast = 9;

constexpr postgres::Statement kInsert{"test.insert_applied",
                                      "INSERT INTO applied (position) VALUES ($1)"};

// Records positions; the first event of kBad cannot be applied while it is poisoned.
class PositionHandler final : public Handler {
 public:
  explicit PositionHandler(bool poisoned) : poisoned_(poisoned) {}

  absl::Status Apply(postgres::Transaction& transaction,
                     absl::Span<const v1::Event> events) override {
    for (const v1::Event& event : events) {
      if (poisoned_ && event.subject() == kBad) {
        return absl::InvalidArgumentError("cannot be applied");
      }
      transaction.Enqueue(kInsert, postgres::Params().Int64(event.position().position()));
    }
    return absl::OkStatus();
  }

 private:
  const bool poisoned_;
};

class Crash : public ::testing::TestWithParam<FailPoint> {
 protected:
  void SetUp() override {
    owner_ = ServiceDatabase::Make();
    own_ = ServiceDatabase::Make();
    ASSERT_TRUE(owner_ != nullptr && own_ != nullptr);
    own_->Run(
        "CREATE TABLE applied (id bigserial, position bigint);"
        "GRANT SELECT, INSERT ON applied TO okr_events_test_runtime;"
        "GRANT USAGE ON SEQUENCE applied_id_seq TO okr_events_test_runtime");
    ASSERT_OK_AND_ASSIGN(redis_, testing::PrivateRedis::Make());
  }

  absl::string_view point() const { return failpoint::RowOf(GetParam()).name; }

  // Nine events, of which the fifth cannot be applied and the seventh is of the same subject. The
  // stream was trimmed: its first ones are in the log only.
  void FillLogAndStream() {
    owner_->Append(0, {{kGood}, {kGood}, {kGood}, {kGood}, {kBad}, {kGood}, {kBad}, {kGood}});
    ASSERT_EQ(owner_->Append(0, {{kGood}}), kLast);
    DirectLogSource source(owner_->relay(), "goals");
    ASSERT_OK_AND_ASSIGN(const auto page, source.ListEvents(0, {}, 100));
    StreamWriter writer(redis_->options(), "goals");
    ASSERT_OK(writer.Append(0, {}, absl::MakeSpan(page.events).subspan(2)));
  }

  // In a process of its own: consumes, and what was parked too if it is `healed`.
  End Consume(absl::string_view fail_point, bool healed) {
    return failpoint::RunInChild(fail_point, "", [this, healed] {
      PositionHandler handler(!healed);
      DirectLogSource source(owner_->relay(), "goals");
      Consumer consumer({.source = "goals",
                         .database = own_->runtime(),
                         .redis = redis_->options(),
                         .head_interval = absl::Milliseconds(100),
                         .block = absl::Milliseconds(50)},
                        handler, source);
      consumer.Start();
      return Eventually([&consumer, healed] {
        const auto lags = consumer.Lags();
        return !lags.empty() && lags[0].position.position == kLast &&
               (!healed || consumer.parked_in_database() == 0);
      });
    });
  }
  End Publish(absl::string_view fail_point) {
    return failpoint::RunInChild(fail_point, "", [this] {
      Relay relay({.source = "goals",
                   .database = owner_->relay(),
                   .redis = redis_->options(),
                   .poll_interval = absl::Milliseconds(50),
                   .batch = 4});
      relay.Start();
      return Eventually([&relay] {
        const Relay::State state = relay.state();
        return !state.shards.empty() && state.shards[0].published.position == kLast;
      });
    });
  }

  std::vector<std::string> Applied() {
    return own_->Query("SELECT position::text FROM applied ORDER BY id");
  }
  std::vector<std::string> Parked() {
    return own_->Query("SELECT position::text FROM parked_events ORDER BY position");
  }
  std::vector<std::string> Published() const {
    redis::Client client({.connection = redis_->options()});
    const auto entries =
        redis::XRead(client, {{.stream = StreamName("goals", 0), .last_id = "0-0"}}, 1000, {});
    std::vector<std::string> positions;
    if (!entries.ok()) return positions;
    for (const redis::StreamEntry& entry : *entries) {
      const auto at = LogPosition::FromEntryId(entry.id);
      positions.push_back(absl::StrCat(at ? at->position : -1));
    }
    return positions;
  }

  std::unique_ptr<ServiceDatabase> owner_;
  std::unique_ptr<ServiceDatabase> own_;
  std::unique_ptr<testing::PrivateRedis> redis_;
};

std::string NameOf(const ::testing::TestParamInfo<FailPoint>& info) {
  return failpoint::TestNameOf(info.param);
}

class ConsumerCrash : public Crash {};

TEST_P(ConsumerCrash, LosesNothingAndDoesNothingTwice) {
  FillLogAndStream();
  ASSERT_EQ(Consume(point(), false), End::kKilled);
  ASSERT_EQ(Consume("", false), End::kTrue);
  EXPECT_THAT(Applied(), ElementsAre("1", "2", "3", "4", "6", "8", "9"));
  EXPECT_THAT(Parked(), ElementsAre("5", "7"));
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, ConsumerCrash,
                         ::testing::Values(FailPoint::kConsumerRead, FailPoint::kConsumerPrepared,
                                           FailPoint::kConsumerLocked, FailPoint::kConsumerApplied,
                                           FailPoint::kConsumerMoved, FailPoint::kConsumerCommitted,
                                           FailPoint::kConsumerGapRead, FailPoint::kParkingBegun,
                                           FailPoint::kParkingCommitted, FailPoint::kParkingBehind),
                         NameOf);

class ReplayCrash : public Crash {};

TEST_P(ReplayCrash, LosesNothingAndDoesNothingTwice) {
  FillLogAndStream();
  ASSERT_EQ(Consume("", false), End::kTrue);
  ASSERT_EQ(Consume(point(), true), End::kKilled);
  ASSERT_EQ(Consume("", true), End::kTrue);
  EXPECT_THAT(Applied(), ElementsAre("1", "2", "3", "4", "6", "8", "9", "5", "7"));
  EXPECT_THAT(Parked(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, ReplayCrash,
                         ::testing::Values(FailPoint::kReplayApplied, FailPoint::kReplayCommitted),
                         NameOf);

class RelayCrash : public Crash {};

TEST_P(RelayCrash, LeavesNoGapAndNoRepeat) {
  owner_->AppendMany(0, kLast);
  ASSERT_EQ(Publish(point()), End::kKilled);
  ASSERT_EQ(Publish(""), End::kTrue);
  EXPECT_THAT(Published(), ElementsAre("1", "2", "3", "4", "5", "6", "7", "8", "9"));
}

INSTANTIATE_TEST_SUITE_P(AtEachPoint, RelayCrash,
                         ::testing::Values(FailPoint::kRelayLogRead, FailPoint::kRelayBeforeScript,
                                           FailPoint::kRelayAfterScript, FailPoint::kRelayRefill),
                         NameOf);

}  // namespace
}  // namespace okr::events
