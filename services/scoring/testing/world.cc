#include "services/scoring/testing/world.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/ids/shard.h"
#include "common/migrate/service.h"
#include "common/postgres/sqlstate.h"
#include "common/postgres/transaction.h"
#include "common/resources/messages.h"
#include "common/store/batch.h"
#include "common/testing/status_matchers.h"
#include "scoring_migrations.h"
#include "services/scoring/consumers/checkin_events.h"
#include "services/scoring/consumers/goals_events.h"
#include "services/scoring/store/tables.h"
#include "services/scoring/transport/scores.h"

namespace okr::scoring::testing {
namespace {

namespace events_v1 = ::okr::events::v1;

const absl::Time kNoon = absl::FromCivil(absl::CivilHour(2026, 2, 15, 12), absl::UTCTimeZone());

okr::testing::MigratedDatabase MakeDatabase() {
  auto database =
      okr::testing::MakeMigratedDatabase(*migrate::MakeService("scoring", migrations::kAllFiles));
  if (database.ok()) return *std::move(database);
  ADD_FAILURE() << postgres::LogDetailOf(database.status());
  std::abort();
}

absl::Time InAMoment() { return absl::Now() + absl::Seconds(20); }

}  // namespace

std::string Full(const std::string& relative) {
  return absl::StrCat("organizations/", kOrganization, relative.empty() ? "" : "/", relative);
}

std::string KeyResultPath(const std::string& path) {
  const std::pair<std::string, std::string> ids = absl::StrSplit(path, '/');
  return absl::StrCat("objectives/", ids.first, "/keyResults/", ids.second);
}

World::World()
    : clock_(kNoon),
      database_(MakeDatabase()),
      connection_(Connect()),
      pool_({.connection = {.conninfo = database_.runtime}, .size = 2, .max_idle = 2}),
      reads_(pool_, clock_),
      deps_{.clock = clock_, .ids = ids_, .shards = 8, .committed = {}},
      goals_(std::make_unique<ScoreHandler>(deps_, GoalsEvents(8))),
      checkins_(std::make_unique<ScoreHandler>(deps_, CheckInEvents(8))),
      sweeper_(std::make_unique<Sweeper>(
          SweeperOptions{.database = {.conninfo = database_.runtime}, .page = 3}, deps_)) {
  Goals({Organization(), Cycle("q1", directory::v1::CYCLE_STATE_ACTIVE)});
  RunSweeps();
}

events_v1::Event World::Event(const std::string& type, const std::string& subject,
                              const google::protobuf::Message& payload) {
  events_v1::Event event;
  event.set_id(ids_.Next().ToString());
  event.mutable_position()->set_epoch(1);
  event.mutable_position()->set_position(++position_);
  event.set_type(type);
  event.set_organization(Full(""));
  event.set_subject(subject);
  event.set_subject_version(++versions_[subject]);
  event.mutable_data()->PackFrom(payload);
  return event;
}

events_v1::Event World::Organization(
    const std::function<void(directory::v1::Organization&)>& change) {
  organization_.set_name(Full(""));
  if (change) change(organization_);
  events_v1::OrganizationEvent payload;
  *payload.mutable_organization() = organization_;
  return Event("okr.directory.v1.OrganizationUpdated", Full(""), payload);
}

events_v1::Event World::Person(const std::string& id) {
  events_v1::PersonEvent payload;
  payload.mutable_person()->set_name(Full("people/" + id));
  payload.mutable_person()->set_subject(id);
  payload.mutable_person()->set_state(directory::v1::PERSON_STATE_ACTIVE);
  return Event("okr.directory.v1.PersonCreated", payload.person().name(), payload);
}

events_v1::Event World::Team(const std::string& id, const std::vector<std::string>& members,
                             const std::string& parent) {
  events_v1::TeamEvent payload;
  payload.mutable_team()->set_name(Full("teams/" + id));
  if (!parent.empty()) payload.mutable_team()->set_parent(Full("teams/" + parent));
  for (const std::string& member : members) {
    directory::v1::TeamMember& added = *payload.mutable_team()->add_members();
    added.set_person(Full("people/" + member));
    added.set_role(payload.team().members_size() == 1 ? directory::v1::TEAM_ROLE_LEAD
                                                      : directory::v1::TEAM_ROLE_MEMBER);
  }
  return Event("okr.directory.v1.TeamUpdated", payload.team().name(), payload);
}

events_v1::Event World::Cycle(const std::string& id, directory::v1::CycleState state) {
  events_v1::CycleEvent payload;
  directory::v1::Cycle& cycle = *payload.mutable_cycle();
  cycle.set_name(Full("cycles/" + id));
  *cycle.mutable_start_date() = ToDate(absl::CivilDay(2026, 1, 1));
  *cycle.mutable_end_date() = ToDate(absl::CivilDay(2026, 3, 31));
  cycle.mutable_check_in_schedule()->mutable_grace()->set_seconds(3 * 24 * 3600);
  cycle.set_state(state);
  cycle.set_scoring_policy("okr-v1");
  return Event("okr.directory.v1.CycleUpdated", cycle.name(), payload);
}

events_v1::Event World::Objective(const std::string& id,
                                  const std::function<void(goals::v1::Objective&)>& change) {
  const auto [at, fresh] = objectives_.try_emplace(id);
  goals::v1::Objective& objective = at->second;
  if (fresh) {
    objective.set_name(Full("objectives/" + id));
    objective.set_owner(Full("teams/crew"));
    objective.set_cycle(Full("cycles/q1"));
    objective.set_commitment(goals::v1::COMMITMENT_ASPIRATIONAL);
    objective.set_visibility(goals::v1::VISIBILITY_ORGANIZATION);
    objective.set_state(goals::v1::OBJECTIVE_STATE_ACTIVE);
  }
  if (change) change(objective);
  events_v1::ObjectiveEvent payload;
  *payload.mutable_objective() = objective;
  return Event("okr.goals.v1.ObjectiveUpdated", objective.name(), payload);
}

events_v1::Event World::KeyResult(const std::string& path,
                                  const std::function<void(goals::v1::KeyResult&)>& change) {
  const auto [at, fresh] = key_results_.try_emplace(path);
  goals::v1::KeyResult& key_result = at->second;
  if (fresh) {
    key_result.set_name(Full(KeyResultPath(path)));
    key_result.mutable_metric()->set_baseline(0);
    key_result.mutable_metric()->set_target(100);
    key_result.set_cycle(Full("cycles/q1"));
    key_result.set_state(goals::v1::KEY_RESULT_STATE_ACTIVE);
  }
  if (change) change(key_result);
  events_v1::KeyResultEvent payload;
  *payload.mutable_key_result() = key_result;
  return Event("okr.goals.v1.KeyResultUpdated", key_result.name(), payload);
}

events_v1::Event World::CheckIn(const std::string& path, double value,
                                const std::function<void(checkins::v1::CheckIn&)>& change) {
  events_v1::CheckInEvent payload;
  checkins::v1::CheckIn& check_in = *payload.mutable_check_in();
  check_in.set_name(absl::StrCat(Full(KeyResultPath(path)), "/checkIns/c",
                                 absl::Dec(++check_ins_, absl::kZeroPad6)));
  check_in.set_value(value);
  check_in.set_cycle(Full("cycles/q1"));
  *check_in.mutable_effective_time() = ToTimestamp(clock_.Now() + absl::Seconds(check_ins_));
  *check_in.mutable_create_time() = check_in.effective_time();
  if (change) change(check_in);
  return Event("okr.checkins.v1.CheckInCreated", check_in.name(), payload);
}

events_v1::Event World::Due(const std::string& path, absl::Time due_time) {
  events_v1::CheckInDueEvent payload;
  payload.set_key_result(Full(KeyResultPath(path)));
  *payload.mutable_due_time() = ToTimestamp(due_time);
  return Event("okr.checkins.v1.CheckInDue", payload.key_result(), payload);
}

events_v1::Event World::Sealed(const std::string& cycle) {
  events_v1::CycleSealedEvent payload;
  payload.set_cycle(Full("cycles/" + cycle));
  return Event("okr.checkins.v1.CycleSealed", payload.cycle(), payload);
}

std::unique_ptr<postgres::Connection> World::Connect() const {
  return postgres::Connection::Open({.conninfo = database_.runtime}).value();
}

absl::Status World::Apply(postgres::Connection& connection, ScoreHandler& handler,
                          const Events& events) {
  auto transaction = postgres::Transaction::Begin(connection, InAMoment());
  absl::Status status = handler.Apply(transaction, events);
  if (!status.ok()) return status;
  status = transaction.Commit();
  if (status.ok()) handler.OnCommitted(events);
  return status;
}

void World::Apply(ScoreHandler& handler, const Events& events) {
  const absl::Status status = Apply(*connection_, handler, events);
  EXPECT_TRUE(status.ok()) << postgres::LogDetailOf(status);
}

int World::RunSweeps() {
  int pages = 0;
  while (true) {
    const absl::StatusOr<bool> more = sweeper_->RunOnce(*connection_);
    EXPECT_TRUE(more.ok()) << postgres::LogDetailOf(more.status());
    if (!more.ok() || !*more) return pages;
    ++pages;
  }
}

v1::KeyResultScore World::KeyResultScore(const std::string& path) {
  v1::KeyResultScore score;
  EXPECT_OK(reads_.With(kOrganization, InAMoment(), [&](store::View& view) -> absl::Status {
    const auto found = view.Find(tables::KeyResultScores(), KeyResultPath(path));
    if (found.ok() && *found) score = **found;
    return found.status();
  }));
  return score;
}

v1::ObjectiveScore World::ObjectiveScore(const std::string& id) {
  v1::ObjectiveScore score;
  EXPECT_OK(reads_.With(kOrganization, InAMoment(), [&](store::View& view) -> absl::Status {
    const auto found = view.Find(tables::ObjectiveScores(), "objectives/" + id);
    if (found.ok() && *found) score = **found;
    return found.status();
  }));
  return score;
}

std::vector<std::string> World::NewEvents() {
  auto superuser = postgres::Connection::Open({.conninfo = database_.superuser}).value();
  const auto rows = superuser->Execute(
      {"",
       "SELECT position, type, subject FROM okr_scoring.event_log WHERE position > $1 ORDER BY "
       "position"},
      postgres::Params().Int64(log_read_), InAMoment());
  EXPECT_OK(rows);
  std::vector<std::string> events;
  for (int i = 0; i < rows->rows(); ++i) {
    log_read_ = rows->GetInt64(i, 0);
    const absl::string_view type = rows->GetText(i, 1);
    events.push_back(absl::StrCat(type.substr(type.rfind('.') + 1), " ",
                                  rows->GetText(i, 2).substr(Full("").size() + 1)));
  }
  return events;
}

std::map<std::string, std::string> World::ScoreRows() {
  std::map<std::string, std::string> rows;
  const auto list = [&](const auto& table, auto message) {
    const auto listed = reads_.List(kOrganization, InAMoment(), table, {.limit = 10'000});
    EXPECT_OK(listed);
    for (const store::ListedRow& row : *listed) {
      EXPECT_TRUE(message.ParseFromString(row.body));
      message.clear_update_time();
      rows[row.name] = message.DebugString();
    }
  };
  list(tables::KeyResultScores(), v1::KeyResultScore());
  list(tables::ObjectiveScores(), v1::ObjectiveScore());
  return rows;
}

rpc::Call World::CallOf(const std::string& person) {
  rpc::Call call;
  call.method = "okr.scoring.v1.ScoringService/Test";
  call.principal = {.organization = kOrganization,
                    .subject = person,
                    .role = person == "admin" ? auth::Role::kAdmin : auth::Role::kMember};
  call.now = clock_.Now();
  call.deadline = InAMoment();
  return call;
}

absl::StatusOr<v1::KeyResultScore> World::Grade(const std::string& person, const std::string& path,
                                                const std::function<void(v1::Grade&)>& change) {
  v1::GradeKeyResultRequest request;
  request.set_name(Full(KeyResultPath(path)));
  change(*request.mutable_grade());
  const rpc::Call call = CallOf(person);
  v1::KeyResultScore response;
  absl::Status outcome;
  auto command = std::make_unique<store::Command>();
  command->organization = kOrganization;
  command->method = "GradeKeyResult";
  command->digest = "digest";
  command->response = &response;
  command->decide = [&](store::View& view, google::protobuf::Message& out) {
    return GradeKeyResult(call, request, view, static_cast<v1::KeyResultScore&>(out));
  };
  command->done = [&](const absl::Status& status, std::optional<store::LogPosition>) {
    outcome = status;
  };
  std::vector<std::unique_ptr<store::Command>> commands;
  commands.push_back(std::move(command));
  const store::BatchDeps deps{.clock = clock_, .ids = ids_, .committed = {}};
  // The budget is told by a clock that stands in another year than the connection's.
  store::Batch(*connection_, {.budget = absl::Hours(24 * 3650)}, deps).Run(std::move(commands));
  if (!outcome.ok()) return outcome;
  return response;
}

}  // namespace okr::scoring::testing
