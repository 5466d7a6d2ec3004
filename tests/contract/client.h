// Calls of the public API in few words: requests as text, answers as messages.
#pragma once

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "tests/support/caller.h"
#include "tests/support/suite.h"

namespace okr::contract {

namespace directory = okr::directory::v1;
namespace goals = okr::goals::v1;
namespace events = okr::events::v1;

// One goals process for the whole test program; what it serves needs no other service.
testing::Suite& GoalsSuite();

// Reads `text`, in which $O stands for `organization` ("organizations/{id}"), into `message`; ends
// the program if it is wrong.
void ParseText(absl::string_view text, absl::string_view organization,
               google::protobuf::Message& message);

// Somebody who calls goals. Not thread-safe.
class Client {
 public:
  Client(testing::Suite& suite, std::string organization, std::string token)
      : caller_(suite, std::move(token)), organization_(std::move(organization)) {}

  // Sends `request` to the RPC that takes it. The overloads are the RPCs.
#define OKR_RPC(package, service, Method)                              \
  auto Send(const package::Method##Request& request) {                 \
    return Answer(&service::Stub::Method, caller_.package(), request); \
  }
  OKR_RPC(directory, directory::DirectoryService, CreateOrganization)
  OKR_RPC(directory, directory::DirectoryService, GetOrganization)
  OKR_RPC(directory, directory::DirectoryService, UpdateOrganization)
  OKR_RPC(directory, directory::DirectoryService, CreatePerson)
  OKR_RPC(directory, directory::DirectoryService, GetPerson)
  OKR_RPC(directory, directory::DirectoryService, ListPeople)
  OKR_RPC(directory, directory::DirectoryService, UpdatePerson)
  OKR_RPC(directory, directory::DirectoryService, CreateTeam)
  OKR_RPC(directory, directory::DirectoryService, GetTeam)
  OKR_RPC(directory, directory::DirectoryService, ListTeams)
  OKR_RPC(directory, directory::DirectoryService, UpdateTeam)
  OKR_RPC(directory, directory::DirectoryService, DeleteTeam)
  OKR_RPC(directory, directory::DirectoryService, CreateCycle)
  OKR_RPC(directory, directory::DirectoryService, GetCycle)
  OKR_RPC(directory, directory::DirectoryService, ListCycles)
  OKR_RPC(directory, directory::DirectoryService, UpdateCycle)
  OKR_RPC(directory, directory::DirectoryService, ActivateCycle)
  OKR_RPC(directory, directory::DirectoryService, OpenCycleGrading)
  OKR_RPC(directory, directory::DirectoryService, CloseCycle)
  OKR_RPC(goals, goals::GoalsService, CreateObjective)
  OKR_RPC(goals, goals::GoalsService, GetObjective)
  OKR_RPC(goals, goals::GoalsService, ListObjectives)
  OKR_RPC(goals, goals::GoalsService, UpdateObjective)
  OKR_RPC(goals, goals::GoalsService, DeleteObjective)
  OKR_RPC(goals, goals::GoalsService, BatchGetObjectives)
  OKR_RPC(goals, goals::GoalsService, ActivateObjective)
  OKR_RPC(goals, goals::GoalsService, RetireObjective)
  OKR_RPC(goals, goals::GoalsService, AlignObjective)
  OKR_RPC(goals, goals::GoalsService, UnalignObjective)
  OKR_RPC(goals, goals::GoalsService, GetAlignmentTree)
  OKR_RPC(goals, goals::GoalsService, CreateKeyResult)
  OKR_RPC(goals, goals::GoalsService, GetKeyResult)
  OKR_RPC(goals, goals::GoalsService, ListKeyResults)
  OKR_RPC(goals, goals::GoalsService, UpdateKeyResult)
  OKR_RPC(goals, goals::GoalsService, DeleteKeyResult)
  OKR_RPC(goals, goals::GoalsService, BatchGetKeyResults)
  OKR_RPC(goals, goals::GoalsService, RetireKeyResult)
#undef OKR_RPC

  auto Send(const events::ListEventsRequest& request) {
    return Answer(&events::EventLogService::Stub::ListEvents, *caller_.events("goals"), request);
  }
  auto Send(const events::GetHeadRequest& request) {
    return Answer(&events::EventLogService::Stub::GetHead, *caller_.events("goals"), request);
  }

  template <typename Request>
  Request Parse(absl::string_view text) const {
    Request request;
    ParseText(text, organization_, request);
    return request;
  }
  // Call<goals::GetObjectiveRequest>("name: '$O/objectives/a'")
  template <typename Request>
  auto Call(absl::string_view text) {
    return Send(Parse<Request>(text));
  }

 private:
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Answer(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                               Response*),
                                  Stub& stub, const Request& request) {
    return caller_.Call(method, stub, request);
  }

  testing::Caller caller_;
  const std::string organization_;
};

}  // namespace okr::contract
