#include "services/notifications/process.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/migrate/service.h"
#include "common/status/macros.h"
#include "notifications_migrations.h"
#include "services/notifications/consumers/checkins_news.h"
#include "services/notifications/consumers/goals_handler.h"
#include "services/notifications/consumers/news_handler.h"
#include "services/notifications/consumers/scoring_news.h"
#include "services/notifications/store/inbox.h"
#include "services/notifications/transport/notifications_service.h"

namespace okr::notifications {
namespace {

// Afterwards the consumer waits and tries again, so that a stop is not kept waiting.
constexpr absl::Duration kCatchUp = absl::Seconds(2);

// Nobody sees an inbox change sooner, and everything that happens passes here.
constexpr absl::Duration kPace = absl::Milliseconds(100);

TellerDeps DepsOf(service::Process& process, CreatedNotifications& created) {
  return {.clock = process.clock(),
          .ids = process.ids(),
          .shards = process.shards(),
          .committed = [&process](int32_t shard,
                                  int64_t position) { process.Committed(shard, position); },
          .created = &created};
}

CatchUp CatchUpWith(service::Process& process) {
  return [&process](absl::string_view organization_id) {
    return process.CatchUp("goals", organization_id, absl::Now() + kCatchUp);
  };
}

}  // namespace

// What happened elsewhere and nobody was told of yet.
void ShowQueue(service::Process& process) {
  metrics::Registry& registry = process.runtime().metrics();
  registry.ShowGauges({"okr_notifications_queue_events", "Events nobody was told of yet"},
                      [&process] {
                        int64_t events = 0;
                        for (const auto& lag : process.Lags()) {
                          events += lag.head.position - lag.position.position;
                        }
                        return metrics::Samples{{{}, static_cast<double>(events)}};
                      });
  registry.ShowGauges({"okr_notifications_queue_seconds", "How long the oldest of them has waited"},
                      [&process] {
                        absl::Duration longest;
                        for (const auto& lag : process.Lags())
                          longest = std::max(longest, lag.duration);
                        return metrics::Samples{{{}, absl::ToDoubleSeconds(longest)}};
                      });
}

// The process is destroyed first: its threads call the handlers.
struct Process::Parts {
  CreatedNotifications created;
  std::unique_ptr<GoalsHandler> goals;
  std::unique_ptr<NewsHandler> checkins;
  std::unique_ptr<NewsHandler> scoring;
  std::unique_ptr<Inbox> inbox;
  std::unique_ptr<service::Process> process;
};

Process::Process(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Process::~Process() = default;

absl::StatusOr<std::unique_ptr<Process>> Process::Create(rpc::Runtime& runtime,
                                                         const service::ProcessConfig& config) {
  OKR_ASSIGN_OR_RETURN(const migrate::Service schema,
                       migrate::MakeService("notifications", migrations::kAllFiles, config.shards));
  auto parts = std::make_unique<Parts>();
  OKR_ASSIGN_OR_RETURN(parts->process, service::Process::Create(runtime, config, schema));
  service::Process& process = *parts->process;
  parts->goals = std::make_unique<GoalsHandler>(DepsOf(process, parts->created));
  parts->checkins = std::make_unique<NewsHandler>(DepsOf(process, parts->created),
                                                  CatchUpWith(process), TellOfCheckIns);
  parts->scoring = std::make_unique<NewsHandler>(DepsOf(process, parts->created),
                                                 CatchUpWith(process), TellOfScores);
  process.Follow("goals", *parts->goals, kPace);
  process.Follow("checkins", *parts->checkins, kPace);
  process.Follow("scoring", *parts->scoring, kPace);
  parts->inbox = std::make_unique<Inbox>(process.pool());
  AddNotificationsService(process, *parts->inbox);
  parts->created.ShowIn(runtime.metrics());
  ShowQueue(process);
  process.Start();
  return std::unique_ptr<Process>(new Process(std::move(parts)));
}

}  // namespace okr::notifications
