#include "tests/bench/load/fill.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "common/resources/messages.h"
#include "common/rpc/grpc_status.h"
#include "common/status/macros.h"
#include "okr/directory/v1/directory_service.grpc.pb.h"
#include "okr/goals/v1/goals_service.grpc.pb.h"
#include "tests/bench/load/target.h"

namespace okr::bench {
namespace {

using directory::v1::DirectoryService;
using goals::v1::GoalsService;

constexpr std::chrono::seconds kPatience(60);
constexpr int kConnections = 4;
constexpr int kHalfOfCycle = 45;  // Days.

class Filler {
 public:
  Filler(const Dataset& dataset, const Identities& identities, const std::string& goals)
      : dataset_(dataset),
        identities_(identities),
        directory_(goals, kConnections),
        goals_(goals, kConnections) {}

  absl::Status Organization(int organization);
  absl::Status Objective(int organization, int objective);

 private:
  template <typename Stub, typename Request, typename Response>
  absl::Status Call(const std::string& authorization,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    Stub& stub, const Request& request) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", authorization);
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    context.set_wait_for_ready(true);
    Response response;
    return rpc::FromGrpc((stub.*method)(&context, request, &response));
  }
  absl::Status People(int organization);
  absl::Status Team(int organization, int team);
  absl::Status Cycle(int organization);
  absl::Status KeyResult(int organization, int key_result);

  const Dataset& dataset_;
  const Identities& identities_;
  Stubs<DirectoryService> directory_;
  Stubs<GoalsService> goals_;
};

absl::Status Filler::Organization(int organization) {
  directory::v1::CreateOrganizationRequest request;
  request.set_organization_id(dataset_.OrganizationId(organization));
  request.mutable_organization()->set_display_name("Bench");
  request.mutable_administrator()->set_display_name("Administrator");
  request.mutable_administrator()->set_subject(Identities::kAdministrator);
  OKR_RETURN_IF_ERROR(Call(identities_.Administrator(organization),
                           &DirectoryService::Stub::CreateOrganization, directory_.Next(),
                           request));
  OKR_RETURN_IF_ERROR(People(organization));
  for (int team = 0; team < dataset_.teams(); ++team) {
    OKR_RETURN_IF_ERROR(Team(organization, team));
  }
  return Cycle(organization);
}

absl::Status Filler::People(int organization) {
  for (int person = 0; person < dataset_.people(); ++person) {
    directory::v1::CreatePersonRequest request;
    request.set_parent(dataset_.OrganizationName(organization));
    request.set_person_id(Dataset::PersonId(person));
    request.mutable_person()->set_display_name(absl::StrCat("Person ", person));
    request.mutable_person()->set_subject(Dataset::PersonId(person));
    OKR_RETURN_IF_ERROR(Call(identities_.Administrator(organization),
                             &DirectoryService::Stub::CreatePerson, directory_.Next(), request));
  }
  return absl::OkStatus();
}

absl::Status Filler::Team(int organization, int team) {
  directory::v1::CreateTeamRequest request;
  request.set_parent(dataset_.OrganizationName(organization));
  request.set_team_id(Dataset::TeamId(team));
  request.mutable_team()->set_display_name(absl::StrCat("Team ", team));
  for (int seat = 0; seat < Dataset::kPeopleOfTeam; ++seat) {
    directory::v1::TeamMember& member = *request.mutable_team()->add_members();
    member.set_person(absl::StrCat(request.parent(), "/people/",
                                   Dataset::PersonId(Dataset::PersonOf(team, seat))));
    member.set_role(seat == 0 ? directory::v1::TEAM_ROLE_LEAD : directory::v1::TEAM_ROLE_MEMBER);
  }
  return Call(identities_.Administrator(organization), &DirectoryService::Stub::CreateTeam,
              directory_.Next(), request);
}

absl::Status Filler::Cycle(int organization) {
  const absl::CivilDay today = absl::ToCivilDay(absl::Now(), absl::UTCTimeZone());
  directory::v1::CreateCycleRequest request;
  request.set_parent(dataset_.OrganizationName(organization));
  request.set_cycle_id(Dataset::kCycle);
  request.mutable_cycle()->set_display_name("Now");
  *request.mutable_cycle()->mutable_start_date() = ToDate(today - kHalfOfCycle);
  *request.mutable_cycle()->mutable_end_date() = ToDate(today + kHalfOfCycle);
  const std::string& administrator = identities_.Administrator(organization);
  OKR_RETURN_IF_ERROR(
      Call(administrator, &DirectoryService::Stub::CreateCycle, directory_.Next(), request));
  directory::v1::ActivateCycleRequest activate;
  activate.set_name(absl::StrCat(request.parent(), "/cycles/", Dataset::kCycle));
  return Call(administrator, &DirectoryService::Stub::ActivateCycle, directory_.Next(), activate);
}

absl::Status Filler::Objective(int organization, int objective) {
  const int first_key_result = objective * Dataset::kKeyResultsOfObjective;
  const std::string& administrator = identities_.Administrator(organization);
  goals::v1::CreateObjectiveRequest request;
  request.set_parent(dataset_.OrganizationName(organization));
  request.set_objective_id(Dataset::ObjectiveId(objective));
  request.mutable_objective()->set_title(absl::StrCat("What team wants, number ", objective));
  request.mutable_objective()->set_owner(absl::StrCat(
      request.parent(), "/teams/", Dataset::TeamId(dataset_.TeamOf(first_key_result))));
  request.mutable_objective()->set_cycle(
      absl::StrCat(request.parent(), "/cycles/", Dataset::kCycle));
  OKR_RETURN_IF_ERROR(
      Call(administrator, &GoalsService::Stub::CreateObjective, goals_.Next(), request));
  for (int i = 0; i < Dataset::kKeyResultsOfObjective; ++i) {
    OKR_RETURN_IF_ERROR(KeyResult(organization, first_key_result + i));
  }
  goals::v1::ActivateObjectiveRequest activate;
  activate.set_name(
      absl::StrCat(request.parent(), "/objectives/", Dataset::ObjectiveId(objective)));
  return Call(administrator, &GoalsService::Stub::ActivateObjective, goals_.Next(), activate);
}

absl::Status Filler::KeyResult(int organization, int key_result) {
  goals::v1::CreateKeyResultRequest request;
  request.set_parent(
      absl::StrCat(dataset_.OrganizationName(organization), "/objectives/",
                   Dataset::ObjectiveId(key_result / Dataset::kKeyResultsOfObjective)));
  request.set_key_result_id(Dataset::KeyResultId(key_result));
  goals::v1::KeyResult& fields = *request.mutable_key_result();
  fields.set_title(absl::StrCat("Weekly active accounts in segment ", key_result));
  fields.set_description("Accounts with at least three active people in a week, by the dashboard.");
  fields.mutable_metric()->set_baseline(0);
  fields.mutable_metric()->set_target(100);
  fields.mutable_metric()->set_unit("accounts");
  return Call(identities_.Administrator(organization), &GoalsService::Stub::CreateKeyResult,
              goals_.Next(), request);
}

// Does task(0) to task(count - 1) on some threads; the first error ends it.
absl::Status InParallel(int threads, int count, const std::function<absl::Status(int)>& task) {
  std::atomic<int> next{0};
  std::mutex mutex;
  absl::Status first_error;
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      for (int number = next++; number < count; number = next++) {
        const absl::Status status = task(number);
        if (status.ok()) continue;
        next = count;
        const std::lock_guard lock(mutex);
        first_error.Update(status);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  return first_error;
}

}  // namespace

absl::Status Fill(const Dataset& dataset, const Identities& identities, const std::string& goals,
                  int threads) {
  Filler filler(dataset, identities, goals);
  const int organizations = dataset.organizations();
  OKR_RETURN_IF_ERROR(InParallel(
      threads, organizations, [&](int organization) { return filler.Organization(organization); }));
  return InParallel(threads, organizations * dataset.objectives(), [&](int number) {
    return filler.Objective(number % organizations, number / organizations);
  });
}

}  // namespace okr::bench
