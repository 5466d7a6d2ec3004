// For tests of the consumer: a handler that records, and a consumer of one database that follows
// another.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/events/consumer.h"
#include "common/events/events_fixture.h"
#include "common/events/relay.h"
#include "common/postgres/params.h"
#include "common/testing/private_redis.h"
#include "common/testing/status_matchers.h"

namespace okr::events {

inline constexpr postgres::Statement kInsert{
    "test.insert", "INSERT INTO applied (shard, position, subject) VALUES ($1, $2, $3)"};

// Writes what it is given into a table without keys, so that a repeat would show.
class RecordingHandler final : public Handler {
 public:
  absl::Status Apply(postgres::Transaction& transaction,
                     absl::Span<const okr::events::v1::Event> events) override {
    const std::lock_guard lock(mutex_);
    if (!transient_.ok()) {
      ++failures_;
      return transient_;
    }
    for (const okr::events::v1::Event& event : events) {
      if (poisonous_.contains(event.subject()) || poisoned_only_ == event.position().position()) {
        return absl::InvalidArgumentError("cannot be applied");
      }
      transaction.Enqueue(kInsert, postgres::Params()
                                       .Int32(event.position().shard())
                                       .Int64(event.position().position())
                                       .Text(event.subject()));
    }
    return absl::OkStatus();
  }
  void OnCommitted(absl::Span<const okr::events::v1::Event> events) override { Tell(events); }
  void OnCommittedElsewhere(absl::Span<const okr::events::v1::Event> events) override {
    Tell(events);
  }

  // Events of this subject cannot be applied.
  void Poison(const std::string& subject) {
    const std::lock_guard lock(mutex_);
    poisonous_.insert(subject);
  }
  void PoisonPosition(int64_t position) {
    const std::lock_guard lock(mutex_);
    poisoned_only_ = position;
  }
  void Heal() {
    const std::lock_guard lock(mutex_);
    poisonous_.clear();
    poisoned_only_.reset();
    transient_ = absl::OkStatus();
  }
  void FailWith(absl::Status status) {
    const std::lock_guard lock(mutex_);
    transient_ = std::move(status);
  }
  // How often.
  int failures() {
    const std::lock_guard lock(mutex_);
    return failures_;
  }
  // Positions that were told of, in their order.
  std::vector<int64_t> Told(int32_t shard) {
    const std::lock_guard lock(mutex_);
    return told_[shard];
  }

 private:
  void Tell(absl::Span<const okr::events::v1::Event> events) {
    const std::lock_guard lock(mutex_);
    for (const okr::events::v1::Event& event : events) {
      told_[event.position().shard()].push_back(event.position().position());
    }
  }

  std::mutex mutex_;
  absl::Status transient_;
  int failures_ = 0;
  std::set<std::string> poisonous_;
  std::optional<int64_t> poisoned_only_;
  std::map<int32_t, std::vector<int64_t>> told_;
};

inline std::vector<int64_t> OneTo(int64_t last) {
  std::vector<int64_t> positions(last);
  for (int64_t i = 0; i < last; ++i) positions[i] = i + 1;
  return positions;
}

inline std::vector<std::string> TextOf(const std::vector<int64_t>& numbers) {
  std::vector<std::string> texts;
  for (const int64_t number : numbers) texts.push_back(absl::StrCat(number));
  return texts;
}

class ConsumerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    owner_ = ServiceDatabase::Make();
    own_ = ServiceDatabase::Make();
    ASSERT_TRUE(owner_ != nullptr && own_ != nullptr);
    own_->Run(
        "CREATE TABLE applied (id bigserial, shard int, position bigint, subject text,"
        "                      transaction xid8 DEFAULT pg_current_xact_id());"
        "GRANT SELECT, INSERT ON applied TO okr_events_test_runtime;"
        "GRANT USAGE ON SEQUENCE applied_id_seq TO okr_events_test_runtime");
    ASSERT_OK_AND_ASSIGN(redis_, testing::PrivateRedis::Make());
    source_ = std::make_unique<DirectLogSource>(owner_->relay(), "goals");
  }

  ConsumerOptions Options() const {
    return {.source = "goals",
            .database = own_->runtime(),
            .redis = redis_->options(),
            .redis_patience = absl::Milliseconds(100),
            .head_interval = absl::Milliseconds(100),
            .poll_interval = absl::Milliseconds(20),
            .block = absl::Milliseconds(50),
            .backoff = {.initial = absl::Milliseconds(10), .longest = absl::Milliseconds(50)}};
  }

  std::unique_ptr<Consumer> MakeConsumer(Handler& handler) {
    auto consumer = std::make_unique<Consumer>(Options(), handler, *source_);
    consumer->Start();
    return consumer;
  }

  std::unique_ptr<Relay> MakeRelay() {
    auto relay = std::make_unique<Relay>(RelayOptions{.source = "goals",
                                                      .database = owner_->relay(),
                                                      .redis = redis_->options(),
                                                      .poll_interval = absl::Milliseconds(20)});
    relay->Start();
    return relay;
  }

  // In the order in which they were applied.
  std::vector<std::string> Applied(int32_t shard) {
    return own_->Query(
        absl::StrCat("SELECT position::text FROM applied WHERE shard = ", shard, " ORDER BY id"));
  }
  std::vector<std::string> Parked() {
    return own_->Query("SELECT position::text FROM parked_events ORDER BY position");
  }
  std::string Position(int32_t shard) {
    const auto rows = own_->Query(
        absl::StrCat("SELECT position::text FROM consumer_positions WHERE shard = ", shard));
    return rows.empty() ? "" : rows[0];
  }
  bool AppliedAll(int32_t shard, int64_t last) {
    return Position(shard) == absl::StrCat(last) && Applied(shard) == TextOf(OneTo(last));
  }

  std::string Transactions() {
    return own_->Query("SELECT count(DISTINCT transaction)::text FROM applied")[0];
  }

  std::unique_ptr<ServiceDatabase> owner_;
  std::unique_ptr<ServiceDatabase> own_;
  std::unique_ptr<testing::PrivateRedis> redis_;
  std::unique_ptr<DirectLogSource> source_;
  RecordingHandler handler_;
};

}  // namespace okr::events
