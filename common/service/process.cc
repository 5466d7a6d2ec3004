#include "common/service/process.h"

#include <future>
#include <mutex>
#include <utility>

#include "common/events/rpc_log_source.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/shard.h"
#include "common/migrate/check_schema.h"
#include "common/postgres/sqlstate.h"
#include "common/redis/url.h"
#include "common/rpc/channel.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::service {
namespace {

constexpr absl::Duration kProbe = absl::Seconds(1);

// Calls `done` with the first error of several waits, or OK, when all have ended.
class WaitForAll {
 public:
  WaitForAll(size_t count, std::function<void(absl::Status)> done)
      : open_(count), done_(std::move(done)) {}

  void OneEnded(const absl::Status& status) {
    {
      std::lock_guard lock(mutex_);
      first_error_.Update(status);
      if (--open_ > 0) return;
    }
    done_(first_error_);
  }

 private:
  std::mutex mutex_;
  size_t open_;
  absl::Status first_error_;
  const std::function<void(absl::Status)> done_;
};

absl::Status TooManyAsked() {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   "too many calls wait for another service; try again",
                   {.reason = "OVERLOADED", .retry_delay = absl::Seconds(1)});
}

}  // namespace

void ProcessConfig::AddTo(config::Schema& schema) {
  schema.Bool("database-prepared-statements", &prepared_statements)
      .Help("Off for a connection pooler that hands sessions around between transactions");
  schema.Int("shards", &shards, 1, 1024)
      .Help("Shards of the event logs, as chosen at installation");
  schema.Int("write-threads", &write_threads, 1, 64)
      .Help("Threads that write, with a database connection each");
  schema.Int("read-threads", &read_threads, 1, 64)
      .Help("Threads that read by name, with a database connection each");
  schema.Int("pool-connections", &pool_connections, 1, 256)
      .Help("Database connections of calls that may block");
  schema.Int("max-batch", &max_batch, 1, 1000).Help("Commands in one transaction at most");
}

absl::StatusOr<std::unique_ptr<Process>> Process::Create(rpc::Runtime& runtime,
                                                         const ProcessConfig& config,
                                                         const migrate::Service& schema) {
  auto process = std::unique_ptr<Process>(new Process(runtime, config, schema));
  OKR_RETURN_IF_ERROR(process->SetUp());
  return process;
}

Process::~Process() {
  for (auto& [source, followed] : followed_) followed.consumer->Stop();
  if (asking_ != nullptr) asking_->Stop();
  if (writer_ != nullptr) writer_->Stop();
  if (reader_ != nullptr) reader_->Stop();
  if (housekeeping_ != nullptr) housekeeping_->Stop();
  if (feed_ != nullptr) feed_->Stop();
  if (relay_ != nullptr) relay_->Stop();
}

absl::Status Process::SetUp() {
  OKR_RETURN_IF_ERROR(failpoint::Arm());
  const rpc::CommonConfig& common = runtime_.config();
  OKR_ASSIGN_OR_RETURN(redis_,
                       redis::ReadSettings({.url = common.redis_url,
                                            .password = common.redis_password,
                                            .ca_file = common.redis_ca_file,
                                            .certificate_file = common.redis_certificate_file,
                                            .key_file = common.redis_key_file}));
  OKR_ASSIGN_OR_RETURN(paging::PageTokenCodec codec,
                       paging::PageTokenCodec::Create(common.page_token_key));
  page_tokens_ = std::make_unique<paging::PageTokenCodec>(std::move(codec));

  const auto connections = static_cast<size_t>(config_.pool_connections);
  pool_ = std::make_unique<postgres::ConnectionPool>(postgres::PoolOptions{
      .connection = DatabaseFor("pool"), .size = connections, .max_idle = connections});
  relay_ = std::make_unique<events::Relay>(events::RelayOptions{
      .source = source_, .database = RelayDatabaseFor("relay"), .redis = redis_});
  feed_ = std::make_unique<events::LogFeed>(events::LogFeedOptions{
      .source = source_, .database = RelayDatabaseFor("feed"), .redis = redis_});
  housekeeping_ = std::make_unique<Housekeeping>(RelayDatabaseFor("housekeeping"), clock());
  event_log_ = std::make_unique<events::EventLogService>(
      *feed_,
      [](const auth::Principal&, const events::v1::Event& event) { return !event.private_(); });
  event_log_->RegisterOn(runtime_.server().AddService("okr.events.v1.EventLogService"));

  reads_ = std::make_unique<store::Reads>(*pool_, clock());
  reader_ = std::make_unique<store::Reader>(
      store::Reader::Options{.database = DatabaseFor("read"), .threads = config_.read_threads},
      clock());
  writer_ = std::make_unique<store::Writer>(
      store::Writer::Options{.database = DatabaseFor("write"),
                             .threads = config_.write_threads,
                             .max_batch = static_cast<size_t>(config_.max_batch),
                             .batch = {.shards = config_.shards}},
      store::BatchDeps{
          .clock = clock(),
          .ids = ids(),
          .committed = [this](const store::LogPosition& at) { Committed(at.shard, at.position); },
          .tracer = runtime_.tracer()});
  asking_ = std::make_unique<rpc::Pool>(rpc::Pool::Options{.threads = 4, .queue = 1000});
  AddChecksAndHooks();
  return absl::OkStatus();
}

postgres::Options Process::DatabaseFor(const std::string& use) {
  postgres::ConnectionStats& stats = connections_[use];
  stats.statements = &statements_;
  return {.conninfo = runtime_.config().database_url,
          .application_name = "okr-" + source_,
          .prepared_statements = config_.prepared_statements,
          .stats = &stats};
}

postgres::Options Process::RelayDatabaseFor(const std::string& use) {
  postgres::Options options = DatabaseFor(use);
  options.conninfo = runtime_.config().relay_database_url;
  return options;
}

void Process::AddChecksAndHooks() {
  rpc::Server& server = runtime_.server();
  server.AddReadinessCheck("database", [this] { return CheckDatabase(); });
  server.hooks().log_detail = [](const absl::Status& status) {
    return postgres::LogDetailOf(status);
  };
  server.hooks().wait_for_consistency =
      [this](const rpc::Call& call, const std::vector<rpc::ConsistencyToken>& tokens,
             std::function<void(absl::Status)> done) { WaitFor(call, tokens, std::move(done)); };
}

absl::Status Process::CheckDatabase() {
  const absl::Time deadline = absl::Now() + kProbe;
  OKR_RETURN_IF_ERROR(pool_->Probe(deadline));
  OKR_ASSIGN_OR_RETURN(postgres::ConnectionPool::Lease connection, pool_->Acquire(deadline));
  OKR_RETURN_IF_ERROR(
      migrate::CheckSchema(*connection, schema_.names.schema, schema_.version(), deadline));
  static constexpr postgres::Statement kCountShards{"service.count_shards",
                                                    "SELECT count(*) FROM log_heads"};
  OKR_ASSIGN_OR_RETURN(const postgres::Result shards,
                       connection->Execute(kCountShards, {}, deadline));
  if (shards.GetInt64(0, 0) == config_.shards) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("the log has ", shards.GetInt64(0, 0),
                                                    " shards, but --shards is ", config_.shards,
                                                    "; set it to what was chosen at installation"));
}

// What this service wrote itself is in its database already.
void Process::WaitFor(const rpc::Call& call, const std::vector<rpc::ConsistencyToken>& tokens,
                      std::function<void(absl::Status)> done) {
  std::vector<std::pair<events::Consumer*, const rpc::ConsistencyToken*>> waits;
  for (const rpc::ConsistencyToken& token : tokens) {
    const auto followed = followed_.find(token.source);
    if (followed != followed_.end()) waits.emplace_back(followed->second.consumer.get(), &token);
  }
  if (waits.empty()) return done(absl::OkStatus());
  auto all = std::make_shared<WaitForAll>(waits.size(), std::move(done));
  for (const auto& [consumer, token] : waits) {
    consumer->WaitFor(static_cast<int32_t>(token->shard),
                      {.epoch = token->epoch, .position = token->position}, call.deadline,
                      [all](const absl::Status& status) { all->OneEnded(status); });
  }
}

WriteDeps Process::write_deps() {
  WriteDeps deps{.source = source_, .writer = writer_.get()};
  if (followed_.contains("goals")) {
    deps.catch_up = [this](const rpc::Call& call, std::function<void(absl::Status)> done) {
      CatchUpLater(call, std::move(done));
    };
  }
  return deps;
}

void Process::CatchUpLater(const rpc::Call& call, std::function<void(absl::Status)> done) {
  auto shared = std::make_shared<std::function<void(absl::Status)>>(std::move(done));
  const bool taken = asking_->TrySubmit([this, &call, shared] {
    (*shared)(CatchUp("goals", call.principal.organization, call.deadline, call.trace));
  });
  if (!taken) (*shared)(TooManyAsked());
}

absl::Status Process::CatchUp(const std::string& source, absl::string_view organization_id,
                              absl::Time deadline, const TraceContext& trace) {
  const Followed& followed = followed_.at(source);
  const auto shard =
      static_cast<int32_t>(ShardOf(organization_id, static_cast<uint32_t>(config_.shards)));
  OKR_ASSIGN_OR_RETURN(const events::LogPosition head, followed.owner->GetHead(shard, trace));
  auto outcome = std::make_shared<std::promise<absl::Status>>();
  followed.consumer->WaitFor(shard, head, deadline, [outcome](absl::Status status) {
    outcome->set_value(std::move(status));
  });
  return outcome->get_future().get();
}

const std::string& Process::AddressOf(const std::string& source) const {
  const rpc::CommonConfig& common = runtime_.config();
  if (source == "goals") return common.goals_address;
  if (source == "checkins") return common.checkins_address;
  if (source == "scoring") return common.scoring_address;
  return common.notifications_address;
}

void Process::Follow(const std::string& source, events::Handler& handler, absl::Duration pace) {
  Followed& followed = followed_[source];
  followed.owner = std::make_unique<events::RpcLogSource>(
      rpc::Channel::Create({.address = AddressOf(source),
                            .token = runtime_.service_token(),
                            .tls = runtime_.services_tls(),
                            .tracer = runtime_.tracer()}));
  followed.consumer = std::make_unique<events::Consumer>(
      events::ConsumerOptions{.source = source,
                              .database = DatabaseFor("consumer"),
                              .redis = redis_,
                              .pace = pace,
                              .service = source_,
                              .tracer = runtime_.tracer()},
      handler, *followed.owner);
}

void Process::Start() {
  ShowMetrics();
  relay_->Start();
  feed_->Start();
  housekeeping_->Start();
  for (auto& [source, followed] : followed_) followed.consumer->Start();
}

}  // namespace okr::service
