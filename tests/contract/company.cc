#include "tests/contract/company.h"

#include <atomic>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace okr::contract {
namespace {

std::string NewId() {
  static std::atomic<int> made{0};
  return absl::StrCat("acme-", ++made);
}

auth::Role RoleOf(absl::string_view subject) {
  if (subject == "admin") return auth::Role::kAdmin;
  return subject == "vic" ? auth::Role::kViewer : auth::Role::kMember;
}

template <typename T>
T Must(absl::StatusOr<T> answer) {
  if (!answer.ok()) throw std::runtime_error("the company: " + answer.status().ToString());
  return *std::move(answer);
}

}  // namespace

Company::Company(testing::Suite& suite) : suite_(suite), id_(NewId()) {
  Must(admin().Call<directory::CreateOrganizationRequest>(
      absl::StrCat("organization_id: '", id_, "' organization { display_name: 'Acme' }",
                   " administrator { display_name: 'admin' }")));
  for (const char* person : {"ann", "ben", "lea", "mia", "vic"}) MakePerson(person);
  Must(admin().Call<directory::CreateTeamRequest>(
      "parent: '$O' team_id: 'crew' team { display_name: 'Crew'"
      " members { person: '$O/people/lea' role: TEAM_ROLE_LEAD }"
      " members { person: '$O/people/mia' } }"));
  Must(admin().Call<directory::CreateTeamRequest>(
      "parent: '$O' team_id: 'spare' team { display_name: 'Spare' }"));
  MakeCycle("now");
  ActivateCycle("now");
}

void Company::MakePerson(absl::string_view person_id) {
  Must(admin().Call<directory::CreatePersonRequest>(
      absl::StrFormat("parent: '$O' person_id: '%1$s' person { display_name: '%1$s'"
                      " subject: '%1$s' }",
                      person_id)));
}

std::string Company::name(absl::string_view relative) const {
  return absl::StrCat(name(), "/", relative);
}

Client& Company::As(const std::string& subject) {
  std::unique_ptr<Client>& client = clients_[subject];
  if (client == nullptr) client = NewClient(subject);
  return *client;
}

std::unique_ptr<Client> Company::NewClient(const std::string& subject) const {
  return std::make_unique<Client>(
      suite_, name(),
      suite_.Token({.organization = id_, .subject = subject, .role = RoleOf(subject)}));
}

goals::Objective Company::MakeObjective(absl::string_view objective_id, absl::string_view more) {
  auto request = ann().Parse<goals::CreateObjectiveRequest>(
      "parent: '$O' objective { title: 'Delight' owner: '$O/people/ann' cycle: '$O/cycles/now' }");
  request.set_objective_id(std::string(objective_id));
  goals::Objective fields;
  ParseText(more, name(), fields);
  request.mutable_objective()->MergeFrom(fields);
  return Must(admin().Send(request));
}

goals::KeyResult Company::MakeKeyResult(absl::string_view objective,
                                        absl::string_view key_result_id, absl::string_view more) {
  auto request = ann().Parse<goals::CreateKeyResultRequest>(
      "key_result { title: 'More' metric { baseline: 0 target: 100 } }");
  request.set_parent(name(absl::StrCat("objectives/", objective)));
  request.set_key_result_id(std::string(key_result_id));
  goals::KeyResult fields;
  ParseText(more, name(), fields);
  request.mutable_key_result()->MergeFrom(fields);
  return Must(admin().Send(request));
}

void Company::Align(absl::string_view child, absl::string_view parent) {
  Must(admin().Call<goals::AlignObjectiveRequest>(absl::StrFormat(
      "name: '$O/objectives/%s' alignment { parent: '$O/objectives/%s' }", child, parent)));
}

void Company::MakeCycle(absl::string_view cycle_id, absl::string_view more) {
  auto request = admin().Parse<directory::CreateCycleRequest>(
      "parent: '$O' cycle { display_name: 'Cycle' start_date { year: 2030 month: 1 day: 1 }"
      " end_date { year: 2030 month: 12 day: 31 } }");
  request.set_cycle_id(std::string(cycle_id));
  directory::Cycle fields;
  ParseText(more, name(), fields);
  request.mutable_cycle()->MergeFrom(fields);
  Must(admin().Send(request));
}

void Company::ActivateCycle(absl::string_view cycle_id) {
  Must(admin().Call<directory::ActivateCycleRequest>(
      absl::StrCat("name: '$O/cycles/", cycle_id, "'")));
}

void Company::OpenGrading(absl::string_view cycle_id) {
  Must(admin().Call<directory::OpenCycleGradingRequest>(
      absl::StrCat("name: '$O/cycles/", cycle_id, "'")));
}

void Company::CloseCycle(absl::string_view cycle_id) {
  Must(
      admin().Call<directory::CloseCycleRequest>(absl::StrCat("name: '$O/cycles/", cycle_id, "'")));
}

std::string Company::Snapshot() {
  constexpr char kPage[] = "parent: '$O' page_size: 1000";
  constexpr char kAll[] = "parent: '$O' page_size: 1000 show_deleted: true";
  return absl::StrCat(
      Must(admin().Call<directory::GetOrganizationRequest>("name: '$O'")).DebugString(),
      Must(admin().Call<directory::ListPeopleRequest>(kPage)).DebugString(),
      Must(admin().Call<directory::ListTeamsRequest>(kPage)).DebugString(),
      Must(admin().Call<directory::ListCyclesRequest>(kPage)).DebugString(),
      Must(admin().Call<goals::ListObjectivesRequest>(kAll)).DebugString(),
      Must(admin().Call<goals::ListKeyResultsRequest>(
               "parent: '$O/objectives/-' page_size: 1000 show_deleted: true"))
          .DebugString(),
      "events: ",
      Must(admin().Call<events::ListEventsRequest>("filter { organization: '$O' } page_size: 1000"))
          .events_size());
}

}  // namespace okr::contract
