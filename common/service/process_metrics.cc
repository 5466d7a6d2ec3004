// What a process shows of its database, batches, log and the logs that it follows.
#include "common/metrics/registry.h"
#include "common/service/process.h"

namespace okr::service {
namespace {

using metrics::Samples;

// For the fixed parts of a process there is one series each from the start.
const char* const kUses[] = {"write", "read", "pool", "relay", "feed", "consumer", "housekeeping"};

double AsNumber(bool yes) { return yes ? 1 : 0; }

double SecondsSince(const std::optional<absl::Time>& since, absl::Time now) {
  return since ? std::max(absl::ToDoubleSeconds(now - *since), 0.0) : 0.0;
}

void ShowQueue(metrics::Registry& registry, const std::string& kind,
               const store::BatchNumbers& numbers) {
  const metrics::Labels labels = {{"kind", kind}};
  registry.Show({"okr_batch_size", "Commands or reads of a batch"}, labels, numbers.size);
  registry.Show({"okr_batch_wait_seconds", "Time from submission to the begin of the batch"},
                labels, numbers.wait);
  registry.Show({"okr_batch_seconds", "Time of a batch, with its repetitions"}, labels,
                numbers.took);
}

Samples Sum(const metrics::Counter& one, const metrics::Counter& other) {
  return {{.labels = {}, .value = static_cast<double>(one.value() + other.value())}};
}

// A number of each shard.
template <typename Get>
Samples OfShards(const events::Relay& relay, Get get) {
  Samples samples;
  for (const events::Relay::ShardState& shard : relay.state().shards) {
    samples.push_back({{{"shard", std::to_string(shard.shard)}}, static_cast<double>(get(shard))});
  }
  return samples;
}

// A number of each shard of each source.
template <typename Followed, typename Get>
Samples OfFollowedShards(const Followed& followed, Get get) {
  Samples samples;
  for (const auto& [source, parts] : followed) {
    for (const events::Consumer::Lag& lag : parts.consumer->Lags()) {
      samples.push_back({{{"source", source}, {"shard", std::to_string(lag.shard)}}, get(lag)});
    }
  }
  return samples;
}

template <typename Followed, typename Get>
Samples OfFollowed(const Followed& followed, Get get) {
  Samples samples;
  for (const auto& [source, parts] : followed) {
    samples.push_back({{{"source", source}}, static_cast<double>(get(*parts.consumer))});
  }
  return samples;
}

}  // namespace

void Process::ShowMetrics() {
  metrics::Registry& registry = runtime_.metrics();
  ShowDatabase(registry);
  ShowBatches(registry);
  ShowRelay(registry);
  if (!followed_.empty()) ShowConsumers(registry);
}

void Process::ShowDatabase(metrics::Registry& registry) {
  for (const char* use : kUses) {
    const postgres::ConnectionStats& stats = connections_[use];
    registry.Show({"okr_postgres_connections", "Open connections to PostgreSQL, by their use"},
                  {{"use", use}}, stats.open);
    registry.Show({"okr_postgres_connect_failures_total", "Connections that could not be made"},
                  {{"use", use}}, stats.connect_failures);
  }
  registry.Show({"okr_postgres_statement_seconds", "Time of statements, estimated from a sample"},
                "statement", statements_);
  registry.ShowGauges(
      {"okr_postgres_pool_connections", "Connections of the pool of calls that may block"}, [this] {
        const postgres::ConnectionPool::Counts counts = pool_->counts();
        return Samples{{{{"state", "lent"}}, static_cast<double>(counts.lent)},
                       {{{"state", "idle"}}, static_cast<double>(counts.idle)}};
      });
  registry.ShowGauges({"okr_postgres_pool_size", "Connections that the pool may have"}, [this] {
    return Samples{{{}, static_cast<double>(pool_->counts().size)}};
  });
}

void Process::ShowBatches(metrics::Registry& registry) {
  ShowQueue(registry, "write", writer_->numbers());
  ShowQueue(registry, "read", reader_->numbers());
  registry.ShowGauges({"okr_batch_waiting", "Commands or reads that wait for a batch"}, [this] {
    return Samples{{{{"kind", "write"}}, static_cast<double>(writer_->waiting())},
                   {{{"kind", "read"}}, static_cast<double>(reader_->waiting())}};
  });
  registry.ShowCounters(
      {"okr_batch_repeats_total", "Attempts of batches beyond the first"},
      [this] { return Sum(writer_->numbers().repeats, reader_->numbers().repeats); });
  registry.ShowCounters(
      {"okr_batch_refused_total", "Commands or reads refused since too much was waiting"},
      [this] { return Sum(writer_->numbers().refused, reader_->numbers().refused); });
}

void Process::ShowRelay(metrics::Registry& registry) {
  const events::Relay& relay = *relay_;
  registry.ShowGauges({"okr_relay_lag_events", "Events of the log that are not published yet"},
                      [&relay] { return OfShards(relay, [](const auto& s) { return s.lag; }); });
  registry.ShowGauges({"okr_relay_lag_seconds", "How long the oldest unpublished event has waited"},
                      [&relay] {
                        return OfShards(relay, [now = absl::Now()](const auto& shard) {
                          return SecondsSince(shard.behind_since, now);
                        });
                      });
  registry.ShowCounters(
      {"okr_relay_published_events_total", "Events that this process published"}, [&relay] {
        return OfShards(relay, [](const auto& shard) { return shard.published_events; });
      });
  registry.ShowGauges(
      {"okr_relay_trouble", "Whether a stream is not of this log's history"}, [&relay] {
        return OfShards(relay, [](const auto& shard) { return AsNumber(!shard.trouble.empty()); });
      });
  registry.ShowGauges({"okr_relay_connected", "Whether the relay reaches a server"}, [&relay] {
    const events::Relay::State state = relay.state();
    return Samples{{{{"server", "postgres"}}, AsNumber(state.database.ok())},
                   {{{"server", "redis"}}, AsNumber(state.redis.ok())}};
  });
}

void Process::ShowConsumers(metrics::Registry& registry) {
  registry.ShowGauges({"okr_consumer_lag_events", "Events of a followed log not applied yet"},
                      [this] {
                        return OfFollowedShards(followed_, [](const auto& lag) {
                          return static_cast<double>(lag.head.position - lag.position.position);
                        });
                      });
  registry.ShowGauges(
      {"okr_consumer_lag_seconds", "How long the oldest event not applied has waited"}, [this] {
        return OfFollowedShards(
            followed_, [](const auto& lag) { return absl::ToDoubleSeconds(lag.duration); });
      });
  registry.ShowCounters(
      {"okr_consumer_applied_events_total", "Events that this process applied"}, [this] {
        return OfFollowed(followed_, [](const auto& consumer) { return consumer.applied(); });
      });
  registry.ShowCounters({"okr_consumer_parked_total", "Events that this process parked"}, [this] {
    return OfFollowed(followed_, [](const auto& consumer) { return consumer.parked(); });
  });
  registry.ShowGauges({"okr_parked_events", "Events that are parked in the database"}, [this] {
    Samples samples;
    for (const auto& [source, parts] : followed_) {
      const std::optional<int64_t> parked = parts.consumer->parked_in_database();
      if (parked) samples.push_back({{{"source", source}}, static_cast<double>(*parked)});
    }
    return samples;
  });
}

std::vector<events::Consumer::Lag> Process::Lags() const {
  std::vector<events::Consumer::Lag> all;
  for (const auto& [source, parts] : followed_) {
    const std::vector<events::Consumer::Lag> lags = parts.consumer->Lags();
    all.insert(all.end(), lags.begin(), lags.end());
  }
  return all;
}

}  // namespace okr::service
