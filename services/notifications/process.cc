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

TellerDeps DepsOf(service::Process& process) {
  return {.clock = process.clock(),
          .ids = process.ids(),
          .shards = process.shards(),
          .committed = [&process](int32_t shard, int64_t position) {
            process.Committed(shard, position);
          }};
}

CatchUp CatchUpWith(service::Process& process) {
  return [&process](absl::string_view organization_id) {
    return process.CatchUp("goals", organization_id, absl::Now() + kCatchUp);
  };
}

}  // namespace

// The process is destroyed first: its threads call the handlers.
struct Process::Parts {
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
  parts->goals = std::make_unique<GoalsHandler>(DepsOf(process));
  parts->checkins =
      std::make_unique<NewsHandler>(DepsOf(process), CatchUpWith(process), TellOfCheckIns);
  parts->scoring =
      std::make_unique<NewsHandler>(DepsOf(process), CatchUpWith(process), TellOfScores);
  process.Follow("goals", *parts->goals, kPace);
  process.Follow("checkins", *parts->checkins, kPace);
  process.Follow("scoring", *parts->scoring, kPace);
  parts->inbox = std::make_unique<Inbox>(process.pool());
  AddNotificationsService(process, *parts->inbox);
  process.Start();
  return std::unique_ptr<Process>(new Process(std::move(parts)));
}

}  // namespace okr::notifications
