// What the tests of the event log share: a service's database and a log to write to.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/events/log_reading.h"
#include "common/events/log_source.h"
#include "common/postgres/connection.h"
#include "common/testing/private_postgres.h"
#include "okr/events/v1/event.pb.h"

namespace okr::events {

inline constexpr int kShards = 2;

struct NewEvent {
  std::string subject = "organizations/acme/objectives/a";
  std::string type = "okr.goals.v1.ObjectiveUpdated";
  bool is_private = false;
};

// A database with the tables and roles that every service has. The writing functions fail the test
// when they fail.
class ServiceDatabase {
 public:
  static std::unique_ptr<ServiceDatabase> Make();

  postgres::Options runtime() const { return Of("okr_events_test_runtime"); }
  postgres::Options relay() const { return Of("okr_events_test_relay"); }

  // As the write side does. Thread-safe; the position of the last event.
  int64_t Append(int32_t shard, const std::vector<NewEvent>& events);
  int64_t AppendMany(int32_t shard, int count);
  // As a superuser. Rows as text joined by ','; not thread-safe.
  std::vector<std::string> Query(const std::string& sql);
  void Run(const std::string& sql);

 private:
  explicit ServiceDatabase(std::unique_ptr<testing::TestDatabase> database)
      : database_(std::move(database)) {}
  postgres::Options Of(absl::string_view role) const;

  std::unique_ptr<testing::TestDatabase> database_;
  std::unique_ptr<postgres::Connection> connection_;  // For Query and Run.
};

// The log of a service as its owner would give it, without the network.
class DirectLogSource final : public LogSource {
 public:
  DirectLogSource(postgres::Options database, std::string source)
      : database_(std::move(database)), source_(std::move(source)) {}

  absl::StatusOr<Page> ListEvents(int32_t shard, const LogPosition& after, int limit) override;
  using LogSource::GetHead;
  absl::StatusOr<LogPosition> GetHead(int32_t shard, const TraceContext& trace) override;

  std::atomic<bool> away{false};
  std::atomic<int> pages{0};

 private:
  const postgres::Options database_;
  const std::string source_;
};

// Waits for a condition; false if it does not come.
bool Eventually(const std::function<bool()>& condition,
                absl::Duration patience = absl::Seconds(20));

}  // namespace okr::events
