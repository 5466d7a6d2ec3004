#include "services/checkins/domain/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace okr::checkins::error {
namespace {

absl::string_view AdviceFor(ObjectiveState state) {
  return state == ObjectiveState::kDraft || state == ObjectiveState::kInReview
             ? "activate it first"
             : "check-ins are for ACTIVE objectives";
}

absl::string_view AdviceFor(CycleState state) {
  return state == CycleState::kDraft ? "it takes check-ins once it is ACTIVE"
                                     : "it takes no more check-ins";
}

}  // namespace

absl::Status NotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, absl::StrCat(name, " does not exist"),
                   {.reason = "RESOURCE_NOT_FOUND", .metadata = {{"name", std::string(name)}}});
}

absl::Status AlreadyExists(absl::string_view name) {
  return MakeError(
      absl::StatusCode::kAlreadyExists, absl::StrCat(name, " already exists; choose another id"),
      {.reason = "RESOURCE_ALREADY_EXISTS", .metadata = {{"name", std::string(name)}}});
}

absl::Status MayNotCheckIn(const KeyResultName& key_result, const Owner& owner) {
  const absl::string_view members = owner.team() != nullptr ? "the members of " : "";
  return MakeError(absl::StatusCode::kPermissionDenied,
                   absl::StrCat("not permitted: only ", members, owner.ToString(),
                                " and administrators may check in on ", key_result.ToString(),
                                ", with a token of role MEMBER or ADMIN"),
                   {.reason = "PERMISSION_DENIED"});
}

absl::Status CycleNotActive(const Cycle& cycle) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(cycle.name.ToString(), " is ", NameOf(cycle.state), ": ",
                                AdviceFor(cycle.state)),
                   {.reason = "CYCLE_STATE",
                    .metadata = {{"cycle", cycle.name.ToString()},
                                 {"state", std::string(NameOf(cycle.state))}}});
}

absl::Status ObjectiveNotActive(const Objective& objective) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(objective.name.ToString(), " is ", NameOf(objective.state), ": ",
                                AdviceFor(objective.state)),
                   {.reason = "OBJECTIVE_STATE",
                    .metadata = {{"objective", objective.name.ToString()},
                                 {"state", std::string(NameOf(objective.state))}}});
}

absl::Status KeyResultNotActive(const KeyResult& key_result) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(key_result.name.ToString(), " is ", NameOf(key_result.state),
                                ": check-ins are for ACTIVE key results"),
                   {.reason = "KEY_RESULT_STATE",
                    .metadata = {{"key_result", key_result.name.ToString()},
                                 {"state", std::string(NameOf(key_result.state))}}});
}

}  // namespace okr::checkins::error
