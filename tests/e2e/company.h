// A small organization over the public API, for tests that tell a story.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "common/auth/principal.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "common/testing/status_matchers.h"
#include "tests/support/caller.h"
#include "tests/support/suite.h"

namespace okr::testing {

// An organization with an administrator "admin", a team "crew" of five ("ann" leads; "ben", "cat",
// "dan", "eve"), a person "zoe" outside it, and a cycle "now" of 90 days around today, ACTIVE
// unless said otherwise.
class Company {
 public:
  explicit Company(Suite& suite, const std::string& id = "") : suite_(suite), id_(id) {
    if (id_.empty()) id_ = absl::StrCat("c-", absl::ToUnixNanos(absl::Now()));
    EXPECT_OK(CreateOrganization());
    for (const char* person : {"ann", "ben", "cat", "dan", "eve", "zoe"}) {
      EXPECT_OK(CreatePerson(person));
    }
    EXPECT_OK(CreateTeam("crew", {"ann", "ben", "cat", "dan", "eve"}));
    EXPECT_OK(CreateCycle("now"));
    EXPECT_OK(ActivateCycle("now"));
  }

  const std::string& id() const { return id_; }
  std::string name() const { return "organizations/" + id_; }
  std::string Name(absl::string_view relative) const { return absl::StrCat(name(), "/", relative); }
  // A caller as a person of this organization; one each, made when it is first asked for.
  Caller& as(const std::string& person) {
    std::unique_ptr<Caller>& caller = callers_[person];
    if (caller == nullptr) caller = std::make_unique<Caller>(suite_, identity(person));
    return *caller;
  }
  Identity identity(const std::string& person) const {
    return {.organization = id_,
            .subject = person,
            .role = person == "admin" ? auth::Role::kAdmin : auth::Role::kMember};
  }

  absl::Status CreateOrganization() {
    directory::v1::CreateOrganizationRequest request;
    request.set_organization_id(id_);
    request.mutable_organization()->set_display_name("Acme");
    request.mutable_administrator()->set_display_name("Admin");
    request.mutable_administrator()->set_subject("admin");
    return Directory(&directory::v1::DirectoryService::Stub::CreateOrganization, request);
  }
  absl::Status CreatePerson(const std::string& person) {
    directory::v1::CreatePersonRequest request;
    request.set_parent(name());
    request.set_person_id(person);
    request.mutable_person()->set_display_name(person);
    request.mutable_person()->set_subject(person);
    return Directory(&directory::v1::DirectoryService::Stub::CreatePerson, request);
  }
  // The first one leads.
  absl::Status CreateTeam(const std::string& team, const std::vector<std::string>& people) {
    directory::v1::CreateTeamRequest request;
    request.set_parent(name());
    request.set_team_id(team);
    request.mutable_team()->set_display_name(team);
    for (const std::string& person : people) {
      directory::v1::TeamMember& member = *request.mutable_team()->add_members();
      member.set_person(Name("people/" + person));
      member.set_role(person == people.front() ? directory::v1::TEAM_ROLE_LEAD
                                               : directory::v1::TEAM_ROLE_MEMBER);
    }
    return Directory(&directory::v1::DirectoryService::Stub::CreateTeam, request);
  }
  absl::Status CreateCycle(const std::string& cycle) {
    const absl::CivilDay today = absl::ToCivilDay(absl::Now(), absl::UTCTimeZone());
    directory::v1::CreateCycleRequest request;
    request.set_parent(name());
    request.set_cycle_id(cycle);
    request.mutable_cycle()->set_display_name(cycle);
    *request.mutable_cycle()->mutable_start_date() = ToDate(today - 45);
    *request.mutable_cycle()->mutable_end_date() = ToDate(today + 45);
    return Directory(&directory::v1::DirectoryService::Stub::CreateCycle, request);
  }
  absl::Status ActivateCycle(const std::string& cycle) {
    directory::v1::ActivateCycleRequest request;
    request.set_name(Name("cycles/" + cycle));
    return Directory(&directory::v1::DirectoryService::Stub::ActivateCycle, request);
  }
  absl::Status OpenCycleGrading(const std::string& cycle) {
    directory::v1::OpenCycleGradingRequest request;
    request.set_name(Name("cycles/" + cycle));
    return Directory(&directory::v1::DirectoryService::Stub::OpenCycleGrading, request);
  }
  absl::Status CloseCycle(const std::string& cycle) {
    directory::v1::CloseCycleRequest request;
    request.set_name(Name("cycles/" + cycle));
    return Directory(&directory::v1::DirectoryService::Stub::CloseCycle, request);
  }

  // An ACTIVE objective of the cycle "now" with a key result "kr" from 0 to 100.
  absl::Status CreateObjective(const std::string& objective, const std::string& owner,
                               goals::v1::RollUp roll_up = goals::v1::ROLL_UP_OWN_KEY_RESULTS) {
    goals::v1::CreateObjectiveRequest request;
    request.set_parent(name());
    request.set_objective_id(objective);
    request.mutable_objective()->set_title("Objective " + objective);
    request.mutable_objective()->set_owner(Name(owner));
    request.mutable_objective()->set_cycle(Name("cycles/now"));
    request.mutable_objective()->set_roll_up(roll_up);
    OKR_RETURN_IF_ERROR(Goals(&goals::v1::GoalsService::Stub::CreateObjective, request));
    OKR_RETURN_IF_ERROR(CreateKeyResult(objective, "kr"));
    goals::v1::ActivateObjectiveRequest activate;
    activate.set_name(Name("objectives/" + objective));
    return Goals(&goals::v1::GoalsService::Stub::ActivateObjective, activate);
  }
  absl::Status CreateKeyResult(const std::string& objective, const std::string& key_result) {
    goals::v1::CreateKeyResultRequest request;
    request.set_parent(Name("objectives/" + objective));
    request.set_key_result_id(key_result);
    request.mutable_key_result()->set_title("Key result " + key_result);
    request.mutable_key_result()->mutable_metric()->set_baseline(0);
    request.mutable_key_result()->mutable_metric()->set_target(100);
    return Goals(&goals::v1::GoalsService::Stub::CreateKeyResult, request);
  }
  absl::Status Align(const std::string& child, const std::string& parent, double weight) {
    goals::v1::AlignObjectiveRequest request;
    request.set_name(Name("objectives/" + child));
    request.mutable_alignment()->set_parent(Name("objectives/" + parent));
    request.mutable_alignment()->set_weight(weight);
    return Goals(&goals::v1::GoalsService::Stub::AlignObjective, request);
  }
  std::string KeyResultOf(const std::string& objective,
                          const std::string& key_result = "kr") const {
    return Name(absl::StrCat("objectives/", objective, "/keyResults/", key_result));
  }

  absl::StatusOr<checkins::v1::CheckIn> CheckIn(const std::string& person,
                                                const std::string& objective, double value,
                                                const std::string& request_id = "") {
    checkins::v1::CreateCheckInRequest request;
    request.set_parent(KeyResultOf(objective));
    request.mutable_check_in()->set_value(value);
    request.mutable_check_in()->set_confidence(0.5);
    request.set_request_id(request_id);
    Caller& caller = as(person);
    return caller.Call(&checkins::v1::CheckinsService::Stub::CreateCheckIn, caller.checkins(),
                       request);
  }
  absl::StatusOr<scoring::v1::KeyResultScore> KeyResultScore(const std::string& person,
                                                             const std::string& objective) {
    scoring::v1::GetKeyResultScoreRequest request;
    request.set_name(KeyResultOf(objective));
    Caller& caller = as(person);
    return caller.Call(&scoring::v1::ScoringService::Stub::GetKeyResultScore, caller.scoring(),
                       request);
  }
  absl::StatusOr<scoring::v1::ObjectiveScore> ObjectiveScore(const std::string& person,
                                                             const std::string& objective) {
    scoring::v1::GetObjectiveScoreRequest request;
    request.set_name(Name("objectives/" + objective));
    Caller& caller = as(person);
    return caller.Call(&scoring::v1::ScoringService::Stub::GetObjectiveScore, caller.scoring(),
                       request);
  }
  absl::StatusOr<notifications::v1::ListNotificationsResponse> Inbox(const std::string& person) {
    notifications::v1::ListNotificationsRequest request;
    request.set_parent(Name("people/me"));
    Caller& caller = as(person);
    return caller.Call(&notifications::v1::NotificationsService::Stub::ListNotifications,
                       caller.notifications(), request);
  }

 private:
  template <typename Request, typename Response>
  absl::Status Directory(grpc::Status (directory::v1::DirectoryService::Stub::*method)(
                             grpc::ClientContext*, const Request&, Response*),
                         const Request& request) {
    return as("admin").Call(method, as("admin").directory(), request).status();
  }
  template <typename Request, typename Response>
  absl::Status Goals(grpc::Status (goals::v1::GoalsService::Stub::*method)(grpc::ClientContext*,
                                                                           const Request&,
                                                                           Response*),
                     const Request& request) {
    return as("admin").Call(method, as("admin").goals(), request).status();
  }

  Suite& suite_;
  std::string id_;
  std::map<std::string, std::unique_ptr<Caller>> callers_;
};

// Asks again until `holds` is true of what `get` gives; fails the test with the last answer after
// the patience.
template <typename Get, typename Holds>
auto Eventually(Get get, Holds holds, absl::Duration patience = absl::Seconds(20)) {
  const absl::Time deadline = absl::Now() + patience;
  auto value = get();
  while (!(value.ok() && holds(*value)) && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(10));
    value = get();
  }
  EXPECT_TRUE(value.ok() && holds(*value))
      << (value.ok() ? value->ShortDebugString() : value.status().ToString());
  using Value = std::decay_t<decltype(*value)>;
  return value.ok() ? *std::move(value) : Value();
}

}  // namespace okr::testing
