// Refusals of goals and its directory. Names are full resource names.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/resources/resources.h"

namespace okr::goals::error {

// NOT_FOUND / RESOURCE_NOT_FOUND; also where the caller may not see it.
absl::Status NotFound(absl::string_view name);
// ALREADY_EXISTS / RESOURCE_ALREADY_EXISTS.
absl::Status AlreadyExists(absl::string_view name);
// ALREADY_EXISTS / RESOURCE_ALREADY_EXISTS: `person` has this token subject.
absl::Status SubjectTaken(absl::string_view subject, const PersonName& person);
// ABORTED / ETAG_MISMATCH.
absl::Status EtagMismatch(absl::string_view name, absl::string_view sent,
                          absl::string_view present);
// FAILED_PRECONDITION / PERSON_UNKNOWN: the subject of the token is no person.
absl::Status PersonUnknown(absl::string_view subject);
// PERMISSION_DENIED / PERMISSION_DENIED; `who` may do `what`.
absl::Status Denied(absl::string_view who, absl::string_view what);
// PERMISSION_DENIED / WRONG_ORGANIZATION.
absl::Status OrganizationNotOfToken(absl::string_view organization_id);

// FAILED_PRECONDITION / CYCLE_STATE, OBJECTIVE_STATE, KEY_RESULT_STATE. `advice` ends the sentence
// "... is CLOSED: ".
absl::Status WrongCycleState(const Cycle& cycle, absl::string_view advice);
absl::Status WrongObjectiveState(const Objective& objective, absl::string_view advice);
absl::Status WrongKeyResultState(const KeyResult& key_result, absl::string_view advice);

// FAILED_PRECONDITION / ALIGNMENT_CYCLE; the path leads from the parent up to the objective.
absl::Status AlignmentCycle(const std::vector<std::string>& path);
// FAILED_PRECONDITION / TEAM_CYCLE; the path leads from the parent up to the team.
absl::Status TeamCycle(const std::vector<std::string>& path);
// FAILED_PRECONDITION / RESOURCE_IN_USE: `count` others of a `kind` ("sub-teams") refer to `name`.
absl::Status InUse(absl::string_view name, size_t count, absl::string_view kind,
                   absl::string_view example);

}  // namespace okr::goals::error
