#include "services/goals/transport/goals_fixture.h"

#include <atomic>

#include "absl/strings/str_split.h"
#include "common/migrate/service.h"
#include "goals_migrations.h"

namespace okr::goals::transport {
namespace {

// One database for all tests of the program; each test has its own organization in it.
const testing::MigratedDatabase& Database() {
  static const auto& database = *new testing::MigratedDatabase(
      testing::MakeMigratedDatabase(*migrate::MakeService("goals", migrations::kAllFiles)).value());
  return database;
}

postgres::Options Runtime() { return {.conninfo = Database().runtime}; }

google::type::Date DateOf(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '-');
  google::type::Date date;
  date.set_year(std::stoi(parts[0]));
  date.set_month(std::stoi(parts[1]));
  date.set_day(std::stoi(parts[2]));
  return date;
}

}  // namespace

GoalsFixture::GoalsFixture() {
  static std::atomic<int> count = 0;
  organization_ = absl::StrCat("org-", ++count);
  pool_ = std::make_unique<postgres::ConnectionPool>(
      postgres::PoolOptions{.connection = Runtime(), .size = 2});
  reads_ = std::make_unique<store::Reads>(*pool_, SystemClock::Get());
  pages_ = std::make_unique<paging::PageTokenCodec>(
      paging::PageTokenCodec::Create(std::string(32, 'k')).value());
  read_deps_ = {.reads = reads_.get(), .pages = pages_.get()};
  MakeDirectory();
}

std::unique_ptr<store::Writer> GoalsFixture::MakeWriter() {
  return std::make_unique<store::Writer>(
      store::Writer::Options{.database = Runtime(), .threads = 1},
      store::BatchDeps{.clock = SystemClock::Get(), .ids = ids_});
}

std::unique_ptr<store::Reader> GoalsFixture::MakeReader() const {
  return std::make_unique<store::Reader>(
      store::Reader::Options{.database = Runtime(), .threads = 1});
}

rpc::Call GoalsFixture::As(const std::string& subject, auth::Role role) const {
  static std::atomic<int> count = 0;
  rpc::Call call;
  call.method = "test";
  call.principal = {.organization = organization_, .subject = subject, .role = role};
  call.now = absl::Now();
  call.deadline = call.now + absl::Minutes(1);
  call.request_id = absl::StrCat("call-", ++count);
  return call;
}

void GoalsFixture::MakeDirectory() {
  api::CreateOrganizationRequest organization;
  organization.set_organization_id(organization_);
  organization.mutable_organization()->set_display_name("Acme");
  organization.mutable_administrator()->set_display_name("Admin");
  ASSERT_OK(Write(Admin(), CreateOrganization, organization));
  for (const char* id : {"ann", "bob", "cat"}) {
    api::CreatePersonRequest person;
    person.set_parent(Parent());
    person.set_person_id(id);
    person.mutable_person()->set_display_name(id);
    person.mutable_person()->set_subject(id);
    ASSERT_OK(Write(Admin(), CreatePerson, person));
  }
  api::CreateTeamRequest team;
  team.set_parent(Parent());
  team.set_team_id("web");
  team.mutable_team()->set_display_name("Web");
  api::TeamMember& lead = *team.mutable_team()->add_members();
  lead.set_person(Name("people/ann"));
  lead.set_role(api::TEAM_ROLE_LEAD);
  team.mutable_team()->add_members()->set_person(Name("people/bob"));
  ASSERT_OK(Write(Admin(), CreateTeam, team));
  MakeCycle("year", "2026-1-1", "2026-12-31");
  MakeCycle("q1", "2026-1-1", "2026-3-31", "cycles/year");
}

void GoalsFixture::MakeCycle(const std::string& id, const std::string& start,
                             const std::string& end, const std::string& parent) {
  api::CreateCycleRequest request;
  request.set_parent(Parent());
  request.set_cycle_id(id);
  request.mutable_cycle()->set_display_name(id);
  *request.mutable_cycle()->mutable_start_date() = DateOf(start);
  *request.mutable_cycle()->mutable_end_date() = DateOf(end);
  if (!parent.empty()) request.mutable_cycle()->set_parent(Name(parent));
  ASSERT_OK(Write(Admin(), CreateCycle, request));
  api::ActivateCycleRequest activate;
  activate.set_name(Name("cycles/" + id));
  ASSERT_OK(Write(Admin(), ActivateCycle, activate));
}

v1::CreateObjectiveRequest GoalsFixture::ObjectiveRequest(const std::string& id,
                                                          const std::string& owner,
                                                          const std::string& cycle) const {
  v1::CreateObjectiveRequest request;
  request.set_parent(Parent());
  request.set_objective_id(id);
  request.mutable_objective()->set_title("Customers love the start page");
  request.mutable_objective()->set_owner(Name(owner));
  request.mutable_objective()->set_cycle(Name(cycle));
  return request;
}

v1::CreateKeyResultRequest GoalsFixture::KeyResultRequest(const std::string& objective,
                                                          const std::string& id) const {
  v1::CreateKeyResultRequest request;
  request.set_parent(Name("objectives/" + objective));
  request.set_key_result_id(id);
  request.mutable_key_result()->set_title("Load time falls");
  request.mutable_key_result()->mutable_metric()->set_baseline(900);
  request.mutable_key_result()->mutable_metric()->set_target(300);
  return request;
}

v1::AlignObjectiveRequest GoalsFixture::AlignRequest(const std::string& child,
                                                     const std::string& parent) const {
  v1::AlignObjectiveRequest request;
  request.set_name(Name("objectives/" + child));
  request.mutable_alignment()->set_parent(Name("objectives/" + parent));
  return request;
}

v1::Objective GoalsFixture::MakeObjective(const std::string& id, const std::string& owner,
                                          const std::string& cycle) {
  return Write(Admin(), CreateObjective, ObjectiveRequest(id, owner, cycle)).value();
}

v1::KeyResult GoalsFixture::MakeKeyResult(const std::string& objective, const std::string& id) {
  return Write(Admin(), CreateKeyResult, KeyResultRequest(objective, id)).value();
}

v1::Objective GoalsFixture::MakePrivateObjective(const std::string& id) {
  auto request = ObjectiveRequest(id);
  request.mutable_objective()->set_visibility(v1::VISIBILITY_PRIVATE);
  request.mutable_objective()->add_shared_with(Name("people/cat"));
  return Write(As("ann"), CreateObjective, request).value();
}

void GoalsFixture::Activate(const std::string& objective) {
  v1::ActivateObjectiveRequest request;
  request.set_name(Name("objectives/" + objective));
  ASSERT_OK(Write(Admin(), ActivateObjective, request));
}

std::vector<std::string> GoalsFixture::Events() const {
  return Query(absl::StrCat("SELECT type FROM okr_goals.event_log WHERE organization_id = '",
                            organization_, "' ORDER BY position"));
}

std::vector<std::string> GoalsFixture::Query(const std::string& sql) const {
  auto connection = postgres::Connection::Open({.conninfo = Database().superuser}).value();
  const auto result = connection->Execute({"", absl::StrCat("SELECT * FROM (", sql, ") AS rows")},
                                          {}, absl::Now() + absl::Seconds(10));
  EXPECT_OK(result);
  std::vector<std::string> rows;
  for (int i = 0; result.ok() && i < result->rows(); ++i) {
    rows.emplace_back(result->GetText(i, 0));
  }
  return rows;
}

void GoalsFixture::StoreSummary(const std::string& name, double score) {
  v1::ScoreSummary summary;
  summary.set_progress(score);
  summary.set_score(score);
  auto connection = postgres::Connection::Open({.conninfo = Database().superuser}).value();
  ASSERT_OK(connection->Execute(
      {"", "INSERT INTO okr_goals.score_summaries VALUES ($1, $2, 1, $3)"},
      postgres::Params().Text(organization_).Text(name).Bytes(summary.SerializeAsString()),
      absl::Now() + absl::Seconds(10)));
}

}  // namespace okr::goals::transport
