// What every service is made of, whatever it is about: its database, its log and how it is
// published and served, and the logs of others that it follows.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/config/schema.h"
#include "common/events/consumer.h"
#include "common/events/event_log_service.h"
#include "common/events/handler.h"
#include "common/events/log_feed.h"
#include "common/events/log_source.h"
#include "common/events/relay.h"
#include "common/metrics/values.h"
#include "common/migrate/service.h"
#include "common/paging/page_token.h"
#include "common/postgres/pool.h"
#include "common/redis/connection.h"
#include "common/rpc/pool.h"
#include "common/rpc/runtime.h"
#include "common/service/housekeeping.h"
#include "common/service/write.h"
#include "common/store/reader.h"
#include "common/store/reads.h"
#include "common/store/writer.h"

namespace okr::service {

// Settings of every service that keeps a log, beside rpc::CommonConfig.
struct ProcessConfig {
  bool prepared_statements = true;
  int shards = migrate::kDefaultShards;
  int write_threads = 4;
  int read_threads = 2;
  int pool_connections = 4;
  int max_batch = 128;

  // The config must outlive the schema.
  void AddTo(config::Schema& schema);
};

// Made after rpc::Runtime::Start and destroyed before the runtime. Add services and Follow, then
// Start, then rpc::Runtime::Run. The parts are thread-safe.
class Process {
 public:
  // `source` is the service's name in the log, e.g. "goals"; `schema` holds its migrations.
  static absl::StatusOr<std::unique_ptr<Process>> Create(rpc::Runtime& runtime,
                                                         const ProcessConfig& config,
                                                         const migrate::Service& schema);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  rpc::Runtime& runtime() { return runtime_; }
  const Clock& clock() const { return runtime_.clock(); }
  UuidGenerator& ids() { return runtime_.ids(); }
  const std::string& source() const { return source_; }
  int shards() const { return config_.shards; }
  // For what works now and then.
  postgres::Options database() { return DatabaseFor("housekeeping"); }
  postgres::ConnectionPool& pool() { return *pool_; }
  store::Writer& writer() { return *writer_; }
  store::Reader& reader() { return *reader_; }
  store::Reads& reads() { return *reads_; }
  const paging::PageTokenCodec& page_tokens() const { return *page_tokens_; }
  events::LogFeed& feed() { return *feed_; }
  events::Relay& relay() { return *relay_; }

  // For AddWrite. Commands are decided again after catching up with goals where goals is followed.
  WriteDeps write_deps();
  // Blocks until this service has taken what `source` knew when this was called.
  // `trace`: of the call that it is done for.
  absl::Status CatchUp(const std::string& source, absl::string_view organization_id,
                       absl::Time deadline, const TraceContext& trace = {});
  // For consumers and timers that append to the log themselves: after their commit.
  void Committed(int32_t shard, int64_t position) { relay_->Notify(shard, position); }

  // How far this service is behind the logs that it follows. Any thread, after Start.
  std::vector<events::Consumer::Lag> Lags() const;

  bool follows(const std::string& source) const { return followed_.contains(source); }
  // Applies the log of another service; before Start and before write_deps. `handler` must outlive
  // the process.
  // `pace` as that of ConsumerOptions, for who has no hurry.
  void Follow(const std::string& source, events::Handler& handler,
              absl::Duration pace = events::ConsumerOptions().pace);
  // Begins to publish and to follow, and to show it.
  void Start();

 private:
  struct Followed {
    std::unique_ptr<events::LogSource> owner;
    std::unique_ptr<events::Consumer> consumer;
  };

  Process(rpc::Runtime& runtime, const ProcessConfig& config, const migrate::Service& schema)
      : runtime_(runtime), config_(config), schema_(schema), source_(schema.name) {}
  absl::Status SetUp();
  void AddChecksAndHooks();
  // With the runtime role, and with connections that are counted for this use.
  postgres::Options DatabaseFor(const std::string& use);
  postgres::Options RelayDatabaseFor(const std::string& use);
  void ShowMetrics();
  void ShowDatabase(metrics::Registry& registry);
  void ShowBatches(metrics::Registry& registry);
  void ShowRelay(metrics::Registry& registry);
  void ShowConsumers(metrics::Registry& registry);
  absl::Status CheckDatabase();
  void WaitFor(const rpc::Call& call, const std::vector<rpc::ConsistencyToken>& tokens,
               std::function<void(absl::Status)> done);
  void CatchUpLater(const rpc::Call& call, std::function<void(absl::Status)> done);
  const std::string& AddressOf(const std::string& source) const;

  rpc::Runtime& runtime_;
  const ProcessConfig config_;
  const migrate::Service schema_;
  const std::string source_;
  metrics::HistogramMap statements_{metrics::kStepSeconds};
  std::map<std::string, postgres::ConnectionStats> connections_;  // By use; outlive them.
  redis::Options redis_;
  std::unique_ptr<postgres::ConnectionPool> pool_;
  std::unique_ptr<paging::PageTokenCodec> page_tokens_;
  std::unique_ptr<events::Relay> relay_;
  std::unique_ptr<events::LogFeed> feed_;
  std::unique_ptr<Housekeeping> housekeeping_;
  std::unique_ptr<events::EventLogService> event_log_;
  std::unique_ptr<store::Reads> reads_;
  std::unique_ptr<store::Reader> reader_;
  std::unique_ptr<store::Writer> writer_;
  std::map<std::string, Followed> followed_;
  // Asks owners for their heads.
  std::unique_ptr<rpc::Pool> asking_;
};

}  // namespace okr::service
