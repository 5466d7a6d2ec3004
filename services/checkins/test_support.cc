#include "services/checkins/test_support.h"

#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "checkins_migrations.h"
#include "common/postgres/transaction.h"
#include "common/resources/messages.h"
#include "okr/events/v1/payloads.pb.h"

namespace okr::checkins {
namespace {

testing::MigratedDatabase MakeDatabase() {
  const auto service = migrate::MakeService("checkins", migrations::kAllFiles);
  auto database = testing::MakeMigratedDatabase(*service);
  if (!database.ok()) {
    ADD_FAILURE() << database.status();
    std::abort();
  }
  return *std::move(database);
}

Person PersonOf(const std::string& id) {
  Person person;
  person.name = PersonName::Parse("organizations/acme/people/" + id).value();
  person.subject = id;
  return person;
}

KeyResult KeyResultOf(const Objective& objective, const std::string& id) {
  KeyResult key_result;
  key_result.name = KeyResultName(objective.name, id);
  key_result.title = id;
  key_result.cycle = objective.cycle;
  return key_result;
}

}  // namespace

absl::Time At(int day, int hour) {
  return absl::FromCivil(absl::CivilHour(2100, 6, day, hour), absl::UTCTimeZone());
}

CheckinsTest::CheckinsTest() : database_(MakeDatabase()) {
  const postgres::Options runtime{.conninfo = database_.runtime};
  consumer_ = postgres::Connection::Open(runtime).value();
  pool_ = std::make_unique<postgres::ConnectionPool>(postgres::PoolOptions{.connection = runtime});
  lists_ = std::make_unique<Lists>(*pool_);
  reads_ = std::make_unique<store::Reads>(*pool_, clock_);
  writer_ = MakeWriter();

  acme_.name = OrganizationName("acme");
  ann_ = PersonOf("ann");
  bob_ = PersonOf("bob");
  cleo_ = PersonOf("cleo");
  sales_.name = TeamName(acme_.name, "sales");
  sales_.members = {{.person = bob_.name}, {.person = cleo_.name, .role = TeamRole::kLead}};
  june_.name = CycleName(acme_.name, "june");
  june_.start_date = absl::CivilDay(2100, 6, 1);
  june_.end_date = absl::CivilDay(2100, 6, 30);
  june_.state = CycleState::kActive;
  grow_.name = ObjectiveName(acme_.name, "grow");
  grow_.owner = Owner(ann_.name);
  grow_.cycle = june_.name;
  grow_.state = ObjectiveState::kActive;
  grow_.visibility = Visibility::kOrganization;
  revenue_ = KeyResultOf(grow_, "revenue");
  revenue_.kind = Metric{.baseline = 0, .target = 10};
  launch_ = KeyResultOf(grow_, "launch");
  launch_.kind = Milestones{{{.id = "a"}, {.id = "b"}}};
  launch_.owner = Owner(sales_.name);

  Publish(acme_);
  for (const Person& person : {ann_, bob_, cleo_}) Publish(person);
  Publish(sales_);
  Publish(june_);
  Publish(grow_);
  Publish(revenue_);
  Publish(launch_);
}

okr::events::v1::Event CheckinsTest::EventOf(const std::string& type, const std::string& subject,
                                             const google::protobuf::Message& payload) {
  okr::events::v1::Event event;
  event.set_type(type);
  event.set_organization("organizations/acme");
  event.set_subject(subject);
  event.set_subject_version(++versions_[subject]);
  event.mutable_data()->PackFrom(payload);
  return event;
}

absl::Status CheckinsTest::Apply(const okr::events::v1::Event& event) {
  auto transaction = postgres::Transaction::Begin(*consumer_, absl::Now() + absl::Seconds(30));
  const std::vector<okr::events::v1::Event> events = {event};
  if (absl::Status status = handler_.Apply(transaction, events); !status.ok()) return status;
  return transaction.Commit();
}

void CheckinsTest::Publish(const Organization& organization) {
  okr::events::v1::OrganizationEvent payload;
  *payload.mutable_organization() = ToProto(organization);
  EXPECT_OK(Apply(
      EventOf("okr.directory.v1.OrganizationUpdated", organization.name.ToString(), payload)));
}

void CheckinsTest::Publish(const Person& person) {
  okr::events::v1::PersonEvent payload;
  *payload.mutable_person() = ToProto(person);
  EXPECT_OK(Apply(EventOf("okr.directory.v1.PersonUpdated", person.name.ToString(), payload)));
}

void CheckinsTest::Publish(const Team& team) {
  okr::events::v1::TeamEvent payload;
  *payload.mutable_team() = ToProto(team);
  EXPECT_OK(Apply(EventOf("okr.directory.v1.TeamUpdated", team.name.ToString(), payload)));
}

void CheckinsTest::Publish(const Cycle& cycle, const std::string& type) {
  okr::events::v1::CycleEvent payload;
  *payload.mutable_cycle() = ToProto(cycle);
  EXPECT_OK(Apply(EventOf("okr.directory.v1." + type, cycle.name.ToString(), payload)));
}

void CheckinsTest::Publish(const Objective& objective) {
  okr::events::v1::ObjectiveEvent payload;
  *payload.mutable_objective() = ToProto(objective);
  EXPECT_OK(Apply(EventOf("okr.goals.v1.ObjectiveUpdated", objective.name.ToString(), payload)));
}

void CheckinsTest::Publish(const KeyResult& key_result) {
  okr::events::v1::KeyResultEvent payload;
  *payload.mutable_key_result() = ToProto(key_result);
  EXPECT_OK(Apply(EventOf("okr.goals.v1.KeyResultUpdated", key_result.name.ToString(), payload)));
}

rpc::Call CheckinsTest::CallOf(const std::string& subject, auth::Role role) {
  rpc::Call call;
  call.method = "okr.checkins.v1.CheckinsService/Test";
  call.principal.organization = "acme";
  call.principal.subject = subject;
  call.principal.role = role;
  return call;
}

v1::CreateCheckInRequest CheckinsTest::Request(const std::string& key_result,
                                               v1::CheckIn check_in) {
  v1::CreateCheckInRequest request;
  request.set_parent("organizations/acme/objectives/grow/keyResults/" + key_result);
  *request.mutable_check_in() = std::move(check_in);
  if (request.check_in().ByteSizeLong() == 0) request.mutable_check_in()->set_value(1);
  return request;
}

std::vector<SubmittedCheckIn> CheckinsTest::SubmitTo(
    store::Writer& writer, const std::string& subject,
    const std::vector<v1::CreateCheckInRequest>& requests, service::CatchUp catch_up) {
  rpc::Call call = CallOf(subject);
  std::vector<SubmittedCheckIn> check_ins;
  for (const v1::CreateCheckInRequest& request : requests) {
    check_ins.push_back(ReadCheckIn(call, request, "", ids_));
  }
  std::promise<std::vector<SubmittedCheckIn>> ended;
  const auto submission = std::make_shared<Submission>(
      service::WriteDeps{.source = "checkins", .writer = &writer, .catch_up = std::move(catch_up)},
      call, std::move(check_ins),
      [&ended](Submission& all) { ended.set_value(std::move(all.check_ins())); });
  submission->Start();
  return ended.get_future().get();
}

absl::StatusOr<v1::CheckIn> CheckinsTest::Submit(const std::string& subject,
                                                 const v1::CreateCheckInRequest& request,
                                                 service::CatchUp catch_up) {
  std::vector<SubmittedCheckIn> check_ins = SubmitAll(subject, {request}, std::move(catch_up));
  if (!check_ins.front().status.ok()) return check_ins.front().status;
  return std::move(check_ins.front().response);
}

std::unique_ptr<store::Writer> CheckinsTest::MakeWriter() {
  return std::make_unique<store::Writer>(
      store::Writer::Options{.database = {.conninfo = database_.runtime}, .threads = 2},
      store::BatchDeps{.clock = clock_, .ids = ids_, .committed = {}});
}

std::vector<std::string> CheckinsTest::Query(const std::string& sql) const {
  auto connection = postgres::Connection::Open({.conninfo = database_.superuser}).value();
  const std::string text = "SELECT x::text FROM (" + sql + ") AS q(x)";
  auto result = connection->Execute({"", text}, {}, absl::Now() + absl::Seconds(10));
  if (!result.ok()) return {std::string(result.status().message())};
  std::vector<std::string> values;
  for (int i = 0; i < result->rows(); ++i) values.emplace_back(result->GetText(i, 0));
  return values;
}

std::vector<std::string> CheckinsTest::Events() const {
  return Query(
      "SELECT replace(type, 'okr.checkins.v1.', '') || ' ' || "
      "replace(subject, 'organizations/acme/', '') FROM okr_checkins.event_log "
      "ORDER BY shard, position");
}

TransportDeps CheckinsTest::deps() {
  return {.write = {.source = "checkins", .writer = writer_.get(), .catch_up = nullptr},
          .lists = *lists_,
          .reads = *reads_,
          .page_tokens = page_tokens_,
          .ids = ids_};
}

}  // namespace okr::checkins
