// Sends a request to the RPC that takes it. The overloads are the RPCs.
#pragma once

#include "tests/support/caller.h"

namespace okr::testing {

// Each answers absl::StatusOr of the RPC's response.
#define OKR_RPC(package, Service, Method)                                               \
  inline auto Send(Caller& caller, const package::v1::Method##Request& request) {       \
    return caller.Call(&package::v1::Service::Stub::Method, caller.package(), request); \
  }
OKR_RPC(directory, DirectoryService, CreateOrganization)
OKR_RPC(directory, DirectoryService, CreatePerson)
OKR_RPC(directory, DirectoryService, UpdatePerson)
OKR_RPC(directory, DirectoryService, CreateTeam)
OKR_RPC(directory, DirectoryService, UpdateTeam)
OKR_RPC(directory, DirectoryService, CreateCycle)
OKR_RPC(directory, DirectoryService, ActivateCycle)
OKR_RPC(directory, DirectoryService, OpenCycleGrading)
OKR_RPC(directory, DirectoryService, CloseCycle)
OKR_RPC(goals, GoalsService, CreateObjective)
OKR_RPC(goals, GoalsService, GetObjective)
OKR_RPC(goals, GoalsService, UpdateObjective)
OKR_RPC(goals, GoalsService, ActivateObjective)
OKR_RPC(goals, GoalsService, RetireObjective)
OKR_RPC(goals, GoalsService, DeleteObjective)
OKR_RPC(goals, GoalsService, AlignObjective)
OKR_RPC(goals, GoalsService, CreateKeyResult)
OKR_RPC(goals, GoalsService, GetKeyResult)
OKR_RPC(goals, GoalsService, UpdateKeyResult)
OKR_RPC(goals, GoalsService, RetireKeyResult)
OKR_RPC(goals, GoalsService, DeleteKeyResult)
OKR_RPC(checkins, CheckinsService, CreateCheckIn)
OKR_RPC(checkins, CheckinsService, BatchCreateCheckIns)
OKR_RPC(checkins, CheckinsService, GetCheckIn)
OKR_RPC(checkins, CheckinsService, ListCheckIns)
OKR_RPC(checkins, CheckinsService, ListDueCheckIns)
OKR_RPC(scoring, ScoringService, GetKeyResultScore)
OKR_RPC(scoring, ScoringService, GetObjectiveScore)
OKR_RPC(scoring, ScoringService, GetTeamScorecard)
OKR_RPC(scoring, ScoringService, GetCycleReport)
OKR_RPC(scoring, ScoringService, GradeKeyResult)
OKR_RPC(notifications, NotificationsService, ListNotifications)
OKR_RPC(notifications, NotificationsService, MarkNotificationsRead)
#undef OKR_RPC

}  // namespace okr::testing
