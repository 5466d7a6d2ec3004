#include "tests/support/company.h"

#include <atomic>
#include <cstdlib>
#include <iostream>

#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "google/protobuf/text_format.h"

namespace okr::testing {
namespace {

std::string NewId() {
  static std::atomic<int> made{0};
  return absl::StrCat("c-", ++made, "-", absl::ToUnixNanos(absl::Now()));
}

}  // namespace

void ParseText(absl::string_view text, absl::string_view organization,
               google::protobuf::Message& message) {
  const std::string filled = absl::StrReplaceAll(text, {{"$O", organization}});
  if (google::protobuf::TextFormat::ParseFromString(filled, &message)) return;
  std::cerr << "the test wrote a wrong " << message.GetTypeName() << ": " << filled << "\n";
  std::abort();
}

std::string Ago(absl::Duration duration) {
  return absl::StrCat("effective_time { seconds: ", absl::ToUnixSeconds(absl::Now() - duration),
                      " }");
}

Company::Company(Suite& suite, const std::string& id) : suite_(suite), id_(id) {
  if (id_.empty()) id_ = NewId();
  EXPECT_OK(CreateOrganization());
  for (const char* person : {"ann", "ben", "cat", "dan", "eve", "zoe", "vic"}) {
    EXPECT_OK(CreatePerson(person));
  }
  EXPECT_OK(CreateTeam("crew", {"ann", "ben", "cat", "dan", "eve"}));
  EXPECT_OK(CreateCycle("now"));
  EXPECT_OK(ActivateCycle("now"));
}

Caller& Company::as(const std::string& person) {
  std::unique_ptr<Caller>& caller = callers_[person];
  if (caller == nullptr) caller = std::make_unique<Caller>(suite_, identity(person), seen_);
  return *caller;
}

Identity Company::identity(const std::string& person) const {
  auth::Role role = auth::Role::kMember;
  if (person == "admin") role = auth::Role::kAdmin;
  if (person == "vic") role = auth::Role::kViewer;
  return {.organization = id_, .subject = person, .role = role};
}

absl::Status Company::CreateOrganization() {
  auto request = Parse<directory::v1::CreateOrganizationRequest>(
      "organization { display_name: 'Acme' }"
      " administrator { display_name: 'Admin' subject: 'admin' }");
  request.set_organization_id(id_);
  return Send(as("admin"), request).status();
}

absl::Status Company::CreatePerson(const std::string& person) {
  auto request = Parse<directory::v1::CreatePersonRequest>("parent: '$O'");
  request.set_person_id(person);
  request.mutable_person()->set_display_name(person);
  request.mutable_person()->set_subject(person);
  return Send(as("admin"), request).status();
}

absl::Status Company::CreateTeam(const std::string& team, const std::vector<std::string>& people,
                                 const std::string& parent) {
  auto request = Parse<directory::v1::CreateTeamRequest>("parent: '$O'");
  request.set_team_id(team);
  request.mutable_team()->set_display_name(team);
  if (!parent.empty()) request.mutable_team()->set_parent(Name("teams/" + parent));
  for (const std::string& person : people) {
    directory::v1::TeamMember& member = *request.mutable_team()->add_members();
    member.set_person(Name("people/" + person));
    member.set_role(person == people.front() ? directory::v1::TEAM_ROLE_LEAD
                                             : directory::v1::TEAM_ROLE_MEMBER);
  }
  return Send(as("admin"), request).status();
}

absl::Status Company::CreateCycle(const std::string& cycle, absl::string_view fields) {
  const absl::CivilDay today = absl::ToCivilDay(absl::Now(), absl::UTCTimeZone());
  auto request = Parse<directory::v1::CreateCycleRequest>("parent: '$O'");
  request.set_cycle_id(cycle);
  request.mutable_cycle()->set_display_name(cycle);
  *request.mutable_cycle()->mutable_start_date() = ToDate(today - 45);
  *request.mutable_cycle()->mutable_end_date() = ToDate(today + 45);
  request.mutable_cycle()->MergeFrom(Parse<directory::v1::Cycle>(fields));
  return Send(as("admin"), request).status();
}

absl::Status Company::ActivateCycle(const std::string& cycle) {
  const std::string name = absl::StrCat("name: '$O/cycles/", cycle, "'");
  return Call<directory::v1::ActivateCycleRequest>("admin", name).status();
}

absl::Status Company::OpenCycleGrading(const std::string& cycle) {
  const std::string name = absl::StrCat("name: '$O/cycles/", cycle, "'");
  return Call<directory::v1::OpenCycleGradingRequest>("admin", name).status();
}

absl::Status Company::CloseCycle(const std::string& cycle) {
  const std::string name = absl::StrCat("name: '$O/cycles/", cycle, "'");
  return Call<directory::v1::CloseCycleRequest>("admin", name).status();
}

absl::Status Company::CreateObjective(const std::string& objective, const std::string& owner,
                                      goals::v1::RollUp roll_up) {
  MakeObjective(objective,
                absl::StrCat("owner: '$O/", owner, "' roll_up: ", goals::v1::RollUp_Name(roll_up)));
  return absl::OkStatus();
}

void Company::MakeObjective(const std::string& objective, absl::string_view fields,
                            const std::vector<NewKeyResult>& key_results) {
  DraftObjective(objective, fields, key_results);
  EXPECT_OK(Call<goals::v1::ActivateObjectiveRequest>(
      "admin", absl::StrCat("name: '$O/objectives/", objective, "'")));
}

void Company::DraftObjective(const std::string& objective, absl::string_view fields,
                             const std::vector<NewKeyResult>& key_results) {
  auto request = Parse<goals::v1::CreateObjectiveRequest>(
      "parent: '$O' objective { owner: '$O/teams/crew' cycle: '$O/cycles/now' }");
  request.set_objective_id(objective);
  request.mutable_objective()->set_title("Objective " + objective);
  request.mutable_objective()->MergeFrom(Parse<goals::v1::Objective>(fields));
  EXPECT_OK(Send(as("admin"), request));
  for (const NewKeyResult& key_result : key_results) {
    EXPECT_OK(CreateKeyResult(objective, key_result.id, key_result.fields));
  }
}

absl::Status Company::CreateKeyResult(const std::string& objective, const std::string& key_result,
                                      absl::string_view fields) {
  goals::v1::CreateKeyResultRequest request;
  request.set_parent(Name("objectives/" + objective));
  request.set_key_result_id(key_result);
  request.mutable_key_result()->set_title("Key result " + key_result);
  request.mutable_key_result()->MergeFrom(Parse<goals::v1::KeyResult>(fields));
  return Send(as("admin"), request).status();
}

absl::Status Company::Align(const std::string& child, const std::string& parent, double weight) {
  goals::v1::AlignObjectiveRequest request;
  request.set_name(Name("objectives/" + child));
  request.mutable_alignment()->set_parent(Name("objectives/" + parent));
  request.mutable_alignment()->set_weight(weight);
  return Send(as("admin"), request).status();
}

std::string Company::KeyResultOf(const std::string& objective,
                                 const std::string& key_result) const {
  return Name(absl::StrCat("objectives/", objective, "/keyResults/", key_result));
}

absl::StatusOr<checkins::v1::CheckIn> Company::CheckIn(const std::string& person,
                                                       const std::string& objective, double value,
                                                       const std::string& request_id) {
  checkins::v1::CreateCheckInRequest request;
  request.set_parent(KeyResultOf(objective));
  request.mutable_check_in()->set_value(value);
  request.mutable_check_in()->set_confidence(0.5);
  request.set_request_id(request_id);
  return Send(as(person), request);
}

absl::StatusOr<checkins::v1::CheckIn> Company::CheckInWith(const std::string& person,
                                                           const std::string& objective,
                                                           absl::string_view fields,
                                                           const std::string& key_result) {
  checkins::v1::CreateCheckInRequest request;
  request.set_parent(KeyResultOf(objective, key_result));
  *request.mutable_check_in() = Parse<checkins::v1::CheckIn>(fields);
  return Send(as(person), request);
}

absl::StatusOr<scoring::v1::KeyResultScore> Company::KeyResultScore(const std::string& person,
                                                                    const std::string& objective,
                                                                    const std::string& key_result) {
  scoring::v1::GetKeyResultScoreRequest request;
  request.set_name(KeyResultOf(objective, key_result));
  return Send(as(person), request);
}

absl::StatusOr<scoring::v1::ObjectiveScore> Company::ObjectiveScore(const std::string& person,
                                                                    const std::string& objective) {
  scoring::v1::GetObjectiveScoreRequest request;
  request.set_name(Name("objectives/" + objective));
  return Send(as(person), request);
}

absl::StatusOr<notifications::v1::ListNotificationsResponse> Company::Inbox(
    const std::string& person) {
  return Call<notifications::v1::ListNotificationsRequest>(person, "parent: '$O/people/me'");
}

}  // namespace okr::testing
