#include "services/goals/domain/errors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/error.h"

namespace okr::goals::error {

absl::Status NotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, absl::StrCat(name, " does not exist"),
                   {.reason = "RESOURCE_NOT_FOUND", .metadata = {{"name", std::string(name)}}});
}

absl::Status AlreadyExists(absl::string_view name) {
  return MakeError(
      absl::StatusCode::kAlreadyExists,
      absl::StrCat(name, " already exists; choose another id or update that one"),
      {.reason = "RESOURCE_ALREADY_EXISTS", .metadata = {{"name", std::string(name)}}});
}

absl::Status SubjectTaken(absl::string_view subject, const PersonName& person) {
  return MakeError(absl::StatusCode::kAlreadyExists,
                   absl::StrCat("subject \"", subject, "\" is that of ", person.ToString(),
                                "; update that person or use another subject"),
                   {.reason = "RESOURCE_ALREADY_EXISTS",
                    .metadata = {{"name", person.ToString()}, {"subject", std::string(subject)}}});
}

absl::Status EtagMismatch(absl::string_view name, absl::string_view sent,
                          absl::string_view present) {
  return MakeError(absl::StatusCode::kAborted,
                   absl::StrCat(name, " changed since it was read: its etag is ", present, ", not ",
                                sent, "; read it again and repeat"),
                   {.reason = "ETAG_MISMATCH",
                    .metadata = {{"name", std::string(name)}, {"etag", std::string(present)}}});
}

absl::Status PersonUnknown(absl::string_view subject) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat("the token's subject \"", subject,
                                "\" is no person of the organization, so that nobody is \"me\"; an "
                                "administrator must create one with this subject"),
                   {.reason = "PERSON_UNKNOWN", .metadata = {{"subject", std::string(subject)}}});
}

absl::Status Denied(absl::string_view who, absl::string_view what) {
  return MakeError(absl::StatusCode::kPermissionDenied,
                   absl::StrCat("not permitted: only ", who, " may ", what),
                   {.reason = "PERMISSION_DENIED"});
}

absl::Status OrganizationNotOfToken(absl::string_view organization_id) {
  return MakeError(
      absl::StatusCode::kPermissionDenied,
      absl::StrCat("the token belongs to another organization than \"", organization_id, "\""),
      {.reason = "WRONG_ORGANIZATION"});
}

absl::Status WrongCycleState(const Cycle& cycle, absl::string_view advice) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(cycle.name.ToString(), " is ", NameOf(cycle.state), ": ", advice),
                   {.reason = "CYCLE_STATE",
                    .metadata = {{"cycle", cycle.name.ToString()},
                                 {"state", std::string(NameOf(cycle.state))}}});
}

absl::Status WrongObjectiveState(const Objective& objective, absl::string_view advice) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat(objective.name.ToString(), " is ", NameOf(objective.state), ": ", advice),
      {.reason = "OBJECTIVE_STATE",
       .metadata = {{"objective", objective.name.ToString()},
                    {"state", std::string(NameOf(objective.state))}}});
}

absl::Status WrongKeyResultState(const KeyResult& key_result, absl::string_view advice) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat(key_result.name.ToString(), " is ", NameOf(key_result.state), ": ", advice),
      {.reason = "KEY_RESULT_STATE",
       .metadata = {{"key_result", key_result.name.ToString()},
                    {"state", std::string(NameOf(key_result.state))}}});
}

absl::Status AlignmentCycle(const std::vector<std::string>& path) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat("the alignment would close a circle: ", path.front(), " already serves ",
                   path.back(), "; end one of the alignments on the way first"),
      {.reason = "ALIGNMENT_CYCLE", .metadata = {{"path", absl::StrJoin(path, " -> ")}}});
}

absl::Status TeamCycle(const std::vector<std::string>& path) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat(path.front(), " is ", path.size() == 1 ? "the team itself" : "below the team",
                   "; a team cannot be part of itself"),
      {.reason = "TEAM_CYCLE", .metadata = {{"path", absl::StrJoin(path, " -> ")}}});
}

absl::Status InUse(absl::string_view name, size_t count, absl::string_view kind,
                   absl::string_view example) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(name, " has ", count, " ", kind, ", e.g. ", example,
                                "; move or delete them first"),
                   {.reason = "RESOURCE_IN_USE",
                    .metadata = {{"name", std::string(name)},
                                 {"count", absl::StrCat(count)},
                                 {"kind", std::string(kind)},
                                 {"example", std::string(example)}}});
}

}  // namespace okr::goals::error
