#include "services/notifications/consumers/company_fixture.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/ids/shard.h"
#include "common/postgres/sqlstate.h"
#include "common/resources/messages.h"
#include "common/testing/status_matchers.h"
#include "notifications_migrations.h"
#include "services/notifications/consumers/checkins_news.h"
#include "services/notifications/consumers/scoring_news.h"

namespace okr::notifications {
namespace {

namespace events = ::okr::events::v1;

constexpr int kShards = 8;

const OrganizationName& Acme() {
  static const auto& name = *new OrganizationName("acme");
  return name;
}

// Versions rise with every event.
int64_t NextVersion() {
  static std::atomic<int64_t> version{0};
  return ++version;
}

absl::Time Patience() { return absl::Now() + absl::Seconds(30); }

KeyResult MakeKeyResult(const KeyResultName& name, absl::string_view title, Owner owner = {}) {
  return {.name = name,
          .title = std::string(title),
          .owner = std::move(owner),
          .kind = Metric{.baseline = 0, .target = 1},
          .cycle = Q4()};
}

Objective MakeObjective(absl::string_view id, absl::string_view title, Owner owner) {
  return {.name = ObjectiveOf(id),
          .title = std::string(title),
          .owner = std::move(owner),
          .cycle = Q4(),
          .state = ObjectiveState::kActive};
}

}  // namespace

PersonName PersonOf(absl::string_view id) { return {Acme(), id}; }
ObjectiveName ObjectiveOf(absl::string_view id) { return {Acme(), id}; }
KeyResultName KeyResultOf(absl::string_view objective, absl::string_view id) {
  return {ObjectiveOf(objective), id};
}
TeamName Sales() { return {Acme(), "sales"}; }
CycleName Q4() { return {Acme(), "q4"}; }

Objective Grow() { return MakeObjective("grow", "Grow", Owner(PersonOf("ann"))); }
Objective Sell() { return MakeObjective("sell", "Sell", Owner(Sales())); }
Objective Learn() {
  Objective learn = MakeObjective("learn", "Learn", Owner(PersonOf("ann")));
  learn.visibility = Visibility::kPrivate;
  learn.shared_with = {PersonOf("bob")};
  return learn;
}
Person PersonNamed(absl::string_view id) {
  return {
      .name = PersonOf(id), .display_name = std::string(id), .subject = absl::StrCat("sub-", id)};
}

Event MakeEvent(absl::string_view type, absl::string_view subject,
                const google::protobuf::Message& payload, absl::string_view actor) {
  static UuidGenerator& ids = *new UuidGenerator;
  Event event;
  event.set_id(ids.Next().ToString());
  event.set_type(std::string(type));
  event.set_organization(Acme().ToString());
  event.set_subject(std::string(subject));
  event.set_subject_version(NextVersion());
  *event.mutable_time() = ToTimestamp(absl::FromUnixSeconds(1'799'999'000));
  event.set_actor(std::string(actor));
  event.set_request_id("request-1");
  event.mutable_data()->PackFrom(payload);
  return event;
}

Event Of(const Organization& organization) {
  events::OrganizationEvent payload;
  *payload.mutable_organization() = ToProto(organization);
  return MakeEvent("okr.directory.v1.OrganizationUpdated", organization.name.ToString(), payload);
}
Event Of(const Person& person) {
  events::PersonEvent payload;
  *payload.mutable_person() = ToProto(person);
  return MakeEvent("okr.directory.v1.PersonUpdated", person.name.ToString(), payload);
}
Event Of(const Team& team) {
  events::TeamEvent payload;
  *payload.mutable_team() = ToProto(team);
  return MakeEvent("okr.directory.v1.TeamUpdated", team.name.ToString(), payload);
}
Event Of(const Cycle& cycle, absl::string_view what) {
  events::CycleEvent payload;
  *payload.mutable_cycle() = ToProto(cycle);
  return MakeEvent(absl::StrCat("okr.directory.v1.", what), cycle.name.ToString(), payload);
}
Event Of(const Objective& objective, absl::string_view what, absl::string_view parent,
         absl::string_view actor) {
  events::ObjectiveEvent payload;
  *payload.mutable_objective() = ToProto(objective);
  payload.set_parent(std::string(parent));
  return MakeEvent(absl::StrCat("okr.goals.v1.", what), objective.name.ToString(), payload, actor);
}
Event Of(const KeyResult& key_result, absl::string_view what) {
  events::KeyResultEvent payload;
  *payload.mutable_key_result() = ToProto(key_result);
  return MakeEvent(absl::StrCat("okr.goals.v1.", what), key_result.name.ToString(), payload);
}

Event DueEvent(absl::string_view what, const KeyResultName& key_result) {
  events::CheckInDueEvent payload;
  payload.set_key_result(key_result.ToString());
  // The end of Friday in Berlin.
  const absl::Time due = absl::FromCivil(absl::CivilHour(2026, 11, 6, 23), absl::UTCTimeZone());
  *payload.mutable_due_time() = ToTimestamp(due);
  *payload.mutable_overdue_time() = ToTimestamp(due + absl::Hours(72));
  return MakeEvent(absl::StrCat("okr.checkins.v1.", what), key_result.ToString(), payload);
}

Event BlockedEvent(const KeyResultName& key_result, absl::string_view author,
                   const std::vector<std::string>& help_from) {
  events::CheckInEvent payload;
  const std::string name = CheckInName(key_result, "c1").ToString();
  payload.mutable_check_in()->set_name(name);
  payload.mutable_check_in()->set_author(PersonOf(author).ToString());
  for (const std::string& asked : help_from) {
    auto* blocker = payload.mutable_check_in()->add_blockers();
    blocker->set_text("secret");
    blocker->set_help_from(asked);
  }
  return MakeEvent("okr.checkins.v1.CheckInCreated", name, payload, "sub-of-a-token");
}

Event StatusEvent(const KeyResultName& key_result, okr::scoring::v1::Status before,
                  okr::scoring::v1::Status after, absl::string_view actor) {
  events::KeyResultScoreEvent payload;
  payload.mutable_score()->set_key_result(key_result.ToString());
  payload.mutable_score()->set_status(after);
  payload.mutable_score()->set_score(0.125);
  payload.set_previous_status(before);
  return MakeEvent("okr.scoring.v1.KeyResultStatusChanged", key_result.ToString(), payload, actor);
}
Event StatusEvent(const ObjectiveName& objective, okr::scoring::v1::Status before,
                  okr::scoring::v1::Status after, absl::string_view actor) {
  events::ObjectiveScoreEvent payload;
  payload.mutable_score()->set_objective(objective.ToString());
  payload.mutable_score()->set_status(after);
  payload.mutable_score()->set_score(0.125);
  payload.set_previous_status(before);
  return MakeEvent("okr.scoring.v1.ObjectiveStatusChanged", objective.ToString(), payload, actor);
}

CompanyFixture::CompanyFixture() {
  auto schema = migrate::MakeService("notifications", migrations::kAllFiles);
  EXPECT_OK(schema);
  auto database = testing::MakeMigratedDatabase(*schema);
  if (!database.ok()) {
    ADD_FAILURE() << database.status();
    std::abort();
  }
  database_ = *std::move(database);
  const postgres::Options runtime{.conninfo = database_.runtime};
  connection_ = postgres::Connection::Open(runtime).value();
  pool_ = std::make_unique<postgres::ConnectionPool>(
      postgres::PoolOptions{.connection = runtime, .size = 2, .max_idle = 2});
  reads_ = std::make_unique<store::Reads>(*pool_, clock_);

  const CatchUp catch_up = [this](absl::string_view) {
    ++catch_ups_;
    if (catch_up_status_.ok()) Goals(std::exchange(not_arrived_yet_, {}));
    return catch_up_status_;
  };
  goals_ = std::make_unique<GoalsHandler>(Deps());
  check_ins_ = std::make_unique<NewsHandler>(Deps(), catch_up, TellOfCheckIns);
  scoring_ = std::make_unique<NewsHandler>(Deps(), catch_up, TellOfScores);
  Follow("goals", *goals_);
  Follow("checkins", *check_ins_);
  Follow("scoring", *scoring_);

  Person eve = PersonNamed("eve");
  eve.state = PersonState::kDeactivated;
  Goals({Of(Organization{.name = Acme(), .display_name = "Acme", .time_zone = "Europe/Berlin"}),
         Of(PersonNamed("ann")), Of(PersonNamed("bob")), Of(PersonNamed("cem")), Of(eve),
         Of(Team{.name = Sales(),
                 .display_name = "Sales",
                 .members = {{PersonOf("bob"), TeamRole::kLead},
                             {PersonOf("cem"), TeamRole::kMember},
                             {PersonOf("eve"), TeamRole::kLead}}}),
         Of(Cycle{.name = Q4(), .display_name = "2026 Q4", .state = CycleState::kActive}),
         Of(Grow(), "ObjectiveCreated"), Of(Sell(), "ObjectiveCreated"),
         Of(Learn(), "ObjectiveCreated"), Of(MakeKeyResult(KeyResultOf("grow", "hire"), "Hire 6")),
         Of(MakeKeyResult(KeyResultOf("grow", "win"), "Win 3", Owner(Sales()))),
         Of(MakeKeyResult(KeyResultOf("learn", "read"), "Read"))});
}

TellerDeps CompanyFixture::Deps() {
  return {.clock = clock_,
          .ids = ids_,
          .shards = kShards,
          .committed = [this](int32_t, int64_t position) { committed_.push_back(position); }};
}

void CompanyFixture::Follow(const std::string& source, okr::events::Handler& handler) {
  followed_[source].applier = std::make_unique<okr::events::Applier>(source, handler);
  Query(absl::StrCat("INSERT INTO okr_notifications.consumer_positions (source, shard, epoch, ",
                     "position) SELECT '", source, "', shard, 0, 0 FROM generate_series(0, ",
                     kShards - 1, ") AS shard RETURNING source"));
}

void CompanyFixture::Goals(std::vector<Event> events) { Apply("goals", std::move(events)); }
void CompanyFixture::CheckIns(std::vector<Event> events) { Apply("checkins", std::move(events)); }
void CompanyFixture::Scoring(std::vector<Event> events) { Apply("scoring", std::move(events)); }

void CompanyFixture::Apply(const std::string& source, std::vector<Event> events) {
  if (events.empty()) return;
  Followed& followed = followed_.at(source);
  const auto shard = static_cast<int32_t>(ShardOf("acme", kShards));
  auto position = static_cast<int64_t>(followed.history.size());
  for (Event& event : events) {
    event.mutable_position()->set_source(source);
    event.mutable_position()->set_epoch(1);
    event.mutable_position()->set_shard(shard);
    event.mutable_position()->set_position(++position);
  }
  // While a handler catches up with goals it has a connection of its own.
  auto connection = postgres::Connection::Open({.conninfo = database_.runtime}).value();
  outcome_ = followed.applier->Apply(*connection, shard, events);
  clock_.Advance(absl::Seconds(1));
  if (!outcome_.status.ok()) return;
  EXPECT_EQ(outcome_.handled, events.size());
  followed.history.insert(followed.history.end(), events.begin(), events.end());
}

void CompanyFixture::Replay(const std::string& source) {
  Query(absl::StrCat("UPDATE okr_notifications.consumer_positions SET epoch = 0, position = 0 ",
                     "WHERE source = '", source, "' RETURNING source"));
  Apply(source, std::exchange(followed_.at(source).history, {}));
}

std::vector<v1::Notification> CompanyFixture::InboxOf(absl::string_view person) {
  const auto page = Inbox(*pool_).List({.person = PersonOf(person), .limit = 1000}, Patience());
  EXPECT_OK(page);
  return page.ok() ? page->notifications : std::vector<v1::Notification>();
}

std::vector<std::string> CompanyFixture::Titles(absl::string_view person) {
  std::vector<std::string> titles;
  for (const v1::Notification& notification : InboxOf(person)) {
    titles.push_back(notification.title());
  }
  return titles;
}

int64_t CompanyFixture::UnreadOf(absl::string_view person) {
  const auto page = Inbox(*pool_).List({.person = PersonOf(person)}, Patience());
  EXPECT_OK(page);
  return page.ok() ? page->unread_count : -1;
}

std::vector<std::string> CompanyFixture::Log() {
  return Query(
      "SELECT type || ' ' || actor || ' ' || private FROM okr_notifications.event_log ORDER BY "
      "position");
}

std::vector<std::string> CompanyFixture::Query(const std::string& sql) {
  auto connection = postgres::Connection::Open({.conninfo = database_.superuser}).value();
  const auto rows = connection->Execute({"", sql}, {}, Patience());
  EXPECT_TRUE(rows.ok()) << postgres::LogDetailOf(rows.status());
  std::vector<std::string> values;
  for (int row = 0; rows.ok() && row < rows->rows(); ++row) {
    values.emplace_back(rows->GetText(row, 0));
  }
  return values;
}

}  // namespace okr::notifications
