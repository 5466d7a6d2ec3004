#include "services/scoring/process.h"

#include <utility>

#include "common/migrate/service.h"
#include "common/service/read.h"
#include "common/service/write.h"
#include "common/status/macros.h"
#include "scoring_migrations.h"
#include "services/scoring/consumers/checkin_events.h"
#include "services/scoring/consumers/goals_events.h"
#include "services/scoring/consumers/score_handler.h"
#include "services/scoring/consumers/sweeper.h"
#include "services/scoring/transport/reports.h"
#include "services/scoring/transport/scores.h"
#include "services/scoring/transport/watch_scores.h"

namespace okr::scoring {
namespace {

void AddScoringService(service::Process& process, ScoreWatch& watch) {
  rpc::Service& service = process.runtime().server().AddService("okr.scoring.v1.ScoringService");
  store::Reads& reads = process.reads();
  service::AddRead<v1::GetKeyResultScoreRequest, v1::KeyResultScore>(
      process, service, "GetKeyResultScore", [&reads](const auto& call, const auto& request) {
        return GetKeyResultScore(reads, call, request);
      });
  service::AddRead<v1::GetObjectiveScoreRequest, v1::ObjectiveScore>(
      process, service, "GetObjectiveScore", [&reads](const auto& call, const auto& request) {
        return GetObjectiveScore(reads, call, request);
      });
  service::AddRead<v1::GetTeamScorecardRequest, v1::TeamScorecard>(
      process, service, "GetTeamScorecard", [&reads](const auto& call, const auto& request) {
        return GetTeamScorecard(reads, call, request);
      });
  service::AddRead<v1::GetCycleReportRequest, v1::CycleReport>(
      process, service, "GetCycleReport", [&reads](const auto& call, const auto& request) {
        return GetCycleReport(reads, call, request);
      });
  service::AddWrite<v1::GradeKeyResultRequest, v1::KeyResultScore>(
      service, "GradeKeyResult", process.write_deps(), GradeKeyResult);
  service.Stream<v1::WatchScoresRequest, v1::WatchScoresResponse>(
      "WatchScores", [&watch](const auto& call) { watch.Watch(call); });
}

}  // namespace

// The process goes first, as its threads call the handlers; but what works with the process's parts
// is stopped before.
struct Process::Parts {
  std::unique_ptr<Sweeper> sweeper;
  std::unique_ptr<ScoreHandler> goals;
  std::unique_ptr<ScoreHandler> checkins;
  std::unique_ptr<service::Process> process;
  std::unique_ptr<ScoreWatch> watch;
};

Process::Process(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Process::~Process() {
  parts_->sweeper->Stop();
  // Nothing is delivered to the watch any more.
  parts_->process->feed().Stop();
}

absl::StatusOr<std::unique_ptr<Process>> Process::Create(rpc::Runtime& runtime,
                                                         const service::ProcessConfig& config) {
  OKR_ASSIGN_OR_RETURN(const migrate::Service schema,
                       migrate::MakeService("scoring", migrations::kAllFiles, config.shards));
  auto parts = std::make_unique<Parts>();
  OKR_ASSIGN_OR_RETURN(parts->process, service::Process::Create(runtime, config, schema));
  service::Process& process = *parts->process;
  const ScoreDeps deps{.clock = process.clock(),
                       .ids = process.ids(),
                       .shards = process.shards(),
                       .committed = [&process](const store::LogPosition& at) {
                         process.Committed(at.shard, at.position);
                       }};
  parts->sweeper = std::make_unique<Sweeper>(SweeperOptions{.database = process.database()}, deps);
  // A changed cycle wants its sweep at once.
  const auto applied = [sweeper = parts->sweeper.get()] { sweeper->Wake(); };
  parts->goals = std::make_unique<ScoreHandler>(deps, GoalsEvents(deps.shards), applied);
  parts->checkins = std::make_unique<ScoreHandler>(deps, CheckInEvents(deps.shards), applied);
  process.Follow("goals", *parts->goals);
  process.Follow("checkins", *parts->checkins);
  parts->watch = std::make_unique<ScoreWatch>(process.feed(), process.reads());
  AddScoringService(process, *parts->watch);
  process.Start();
  parts->sweeper->Start();
  return std::unique_ptr<Process>(new Process(std::move(parts)));
}

}  // namespace okr::scoring
