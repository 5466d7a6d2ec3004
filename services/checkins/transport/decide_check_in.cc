#include "services/checkins/transport/decide_check_in.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/access/access.h"
#include "common/auth/permission.h"
#include "common/projection/tables.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "okr/events/v1/payloads.pb.h"
#include "services/checkins/domain/errors.h"
#include "services/checkins/store/messages.h"
#include "services/checkins/store/tables.h"
#include "services/checkins/store/tracking.h"

namespace okr::checkins {
namespace {

void WantHelpers(const Draft& draft, store::View& view) {
  for (const Blocker& blocker : draft.blockers) {
    if (blocker.help_from.person() != nullptr) {
      view.Want(projection::People(), blocker.help_from.relative());
    } else if (blocker.help_from.team() != nullptr) {
      view.Want(projection::Teams(), blocker.help_from.relative());
    }
  }
}

// All rows that the command itself names: the first round.
void WantRows(const CheckInCommand& command, store::View& view) {
  WantSubjects(view, command.name.key_result());
  access::WantCaller(view, projection::Directory(), command.principal);
  if (command.id_is_chosen) view.Want(CheckIns(), command.name.relative());
  if (command.draft.corrects) {
    view.Want(CheckIns(), command.draft.corrects->relative());
    view.Want(Corrections(), command.draft.corrects->relative());
  }
  WantHelpers(command.draft, view);
}

// The second round, beside the cycle.
absl::Status WantOwner(store::View& view, const KeyResultName& name) {
  OKR_ASSIGN_OR_RETURN(const auto objective,
                       view.Find(projection::Objectives(), name.objective().relative()));
  OKR_ASSIGN_OR_RETURN(const auto key_result, view.Find(projection::KeyResults(), name.relative()));
  if (!objective || !key_result) return absl::OkStatus();
  const Owner& owner = OwnerOf(*key_result, *objective);
  if (owner.team() != nullptr) view.Want(projection::Teams(), owner.relative());
  return absl::OkStatus();
}

// The caller, if they may check in.
absl::StatusOr<PersonName> Permitted(const CheckInCommand& command, const Subjects& subjects,
                                     store::View& view) {
  const access::Directory& directory = projection::Directory();
  const KeyResultName name = command.name.key_result();
  OKR_ASSIGN_OR_RETURN(const auto someone, access::FindCaller(view, directory, command.principal));
  if (!subjects.exist() || !access::MaySee(command.principal, someone, *subjects.objective)) {
    return error::NotFound(name.ToString());
  }
  OKR_ASSIGN_OR_RETURN(PersonName caller,
                       access::RequireCaller(view, directory, command.principal));
  const Owner& owner = OwnerOf(*subjects.key_result, *subjects.objective);
  OKR_ASSIGN_OR_RETURN(const auth::Relation relation,
                       access::RelationTo(view, directory, command.principal, caller,
                                          name.organization_id(), owner));
  if (!auth::Allowed(command.principal, relation, auth::Action::kCheckIn).ok()) {
    return error::MayNotCheckIn(name, owner);
  }
  return caller;
}

// What is to be corrected, with the last of those that took its place already.
absl::StatusOr<Corrected> FindCorrected(const Draft& draft, store::View& view) {
  Corrected corrected;
  if (!draft.corrects) return corrected;
  OKR_ASSIGN_OR_RETURN(const auto check_in, view.Find(CheckIns(), draft.corrects->relative()));
  corrected.check_in = check_in.value;
  CheckInName last = *draft.corrects;
  while (true) {
    OKR_ASSIGN_OR_RETURN(const auto replaced, view.Find(Corrections(), last.relative()));
    if (!replaced) return corrected;
    last = *replaced;
    corrected.replaced_by = last;
  }
}

// Adds those whose help is asked for, but who do not exist.
absl::Status CheckHelpers(const Draft& draft, store::View& view, Violations& violations) {
  for (size_t i = 0; i < draft.blockers.size(); ++i) {
    const Owner& helper = draft.blockers[i].help_from;
    bool exists = helper.empty();
    if (helper.person() != nullptr) {
      OKR_ASSIGN_OR_RETURN(const auto person, view.Find(projection::People(), helper.relative()));
      exists = static_cast<bool>(person);
    } else if (helper.team() != nullptr) {
      OKR_ASSIGN_OR_RETURN(const auto team, view.Find(projection::Teams(), helper.relative()));
      exists = team && !team->times.delete_time;
    }
    if (!exists) {
      violations.Add(absl::StrCat("check_in.blockers[", i, "].help_from"),
                     absl::StrCat("is ", helper.ToString(), ", which does not exist"));
    }
  }
  return absl::OkStatus();
}

// The next due time after the check-in.
absl::StatusOr<std::optional<absl::Time>> MoveDueTime(const CheckIn& check_in,
                                                      const Subjects& subjects, store::View& view) {
  const KeyResultName name = check_in.name.key_result();
  OKR_ASSIGN_OR_RETURN(const auto present, view.Find(DueStates(), name.relative()));
  DueRow next = Reschedule(present ? *present : DueRow(), subjects, view.now());
  next.state = AfterCheckIn(next.state, *subjects.due_dates(), check_in.effective_time);
  const std::optional<absl::Time> due_time = next.state.due_time;
  // Mostly a second check-in of a week changes nothing.
  if (!present || next != *present) view.Put(DueStates(), name.relative(), std::move(next));
  return due_time;
}

void Emit(const CheckInName& name, const v1::CheckIn& message,
          const std::optional<absl::Time>& due_time, bool is_private, store::View& view) {
  events::v1::CheckInEvent payload;
  *payload.mutable_check_in() = message;
  if (due_time) *payload.mutable_next_due_time() = ToTimestamp(*due_time);
  view.Emit("okr.checkins.v1.CheckInCreated", name.ToString(), 1, payload, is_private);
}

absl::StatusOr<CheckIn> Accept(const CheckInCommand& command, const Subjects& subjects,
                               const PersonName& author, store::View& view) {
  if (subjects.cycle == nullptr) return error::NotFound(subjects.key_result->cycle.ToString());
  const Subject subject{*subjects.cycle, *subjects.objective, *subjects.key_result,
                        subjects.zone()};
  OKR_RETURN_IF_ERROR(TakesCheckIns(subject));
  if (command.id_is_chosen) {
    OKR_ASSIGN_OR_RETURN(const auto taken, view.Find(CheckIns(), command.name.relative()));
    if (taken) return error::AlreadyExists(command.name.ToString());
  }
  Violations violations = command.violations;
  OKR_RETURN_IF_ERROR(CheckHelpers(command.draft, view, violations));
  OKR_ASSIGN_OR_RETURN(const Corrected corrected, FindCorrected(command.draft, view));
  return MakeCheckIn(subject, command.name, author, command.draft, corrected, std::move(violations),
                     view.now());
}

}  // namespace

absl::Status DecideCheckIn(const CheckInCommand& command, store::View& view,
                           v1::CheckIn& response) {
  WantRows(command, view);
  OKR_RETURN_IF_ERROR(WantOwner(view, command.name.key_result()));
  OKR_ASSIGN_OR_RETURN(const Subjects subjects, FindSubjects(view, command.name.key_result()));
  OKR_ASSIGN_OR_RETURN(const PersonName author, Permitted(command, subjects, view));
  OKR_ASSIGN_OR_RETURN(CheckIn check_in, Accept(command, subjects, author, view));
  OKR_ASSIGN_OR_RETURN(const auto due_time, MoveDueTime(check_in, subjects, view));
  ToProto(check_in, &response);
  Emit(command.name, response, due_time, subjects.objective->visibility == Visibility::kPrivate,
       view);
  view.set_actor(author.ToString());
  if (check_in.corrects) view.Put(Corrections(), check_in.corrects->relative(), command.name);
  view.Put(CheckIns(), command.name.relative(), std::move(check_in), !command.id_is_chosen);
  return absl::OkStatus();
}

bool RestsOnProjections(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  for (const char* other : {"RESOURCE_NOT_FOUND", "PERSON_UNKNOWN", "PERMISSION_DENIED",
                            "CYCLE_STATE", "OBJECTIVE_STATE", "KEY_RESULT_STATE"}) {
    if (reason == other) return true;
  }
  if (reason != "INVALID_FIELDS") return false;
  // New milestones, another kind, longer cycles, new people: not texts and numbers out of range.
  for (const FieldViolation& violation : DetailsOf(status).violations) {
    const absl::string_view field = violation.field;
    if (field == "check_in.value" || field == "check_in.effective_time" ||
        field.find("milestones_done") != absl::string_view::npos ||
        field.find("help_from") != absl::string_view::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace okr::checkins
