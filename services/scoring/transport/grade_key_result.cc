#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/access/access.h"
#include "common/auth/permission.h"
#include "common/projection/tables.h"
#include "common/resources/messages.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "okr/events/v1/payloads.pb.h"
#include "services/scoring/domain/errors.h"
#include "services/scoring/store/facts.h"
#include "services/scoring/store/recompute.h"
#include "services/scoring/store/tables.h"
#include "services/scoring/transport/hiding.h"
#include "services/scoring/transport/scores.h"
#include "services/scoring/transport/visibility.h"

namespace okr::scoring {
namespace {

constexpr size_t kMaxReason = 2'000;
constexpr size_t kMaxLesson = 10'000;

// Characters of valid UTF-8.
size_t CountCharacters(absl::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

void CheckLength(absl::string_view field, absl::string_view text, size_t most,
                 Violations& violations) {
  const size_t length = CountCharacters(text);
  if (length <= most) return;
  violations.Add(field,
                 absl::StrCat("has ", length, " characters; at most ", most, " are allowed"));
}

// What does not depend on the key result.
absl::StatusOr<KeyResultName> CheckRequest(const v1::GradeKeyResultRequest& request) {
  Violations violations;
  absl::StatusOr<KeyResultName> name = KeyResultName::Parse(request.name());
  violations.AddFrom("", name.status());
  violations.AddFrom("", DomainGrade(request.grade()).status());
  CheckLength("grade.reason", request.grade().reason(), kMaxReason, violations);
  CheckLength("grade.lesson", request.grade().lesson(), kMaxLesson, violations);
  OKR_RETURN_IF_ERROR(violations.ToStatus());
  return name;
}

absl::Status CheckMayGrade(store::View& view, const Viewer& viewer,
                           const ::okr::Objective& objective, const ::okr::KeyResult& key_result) {
  const Owner& owner = OwnerOf(key_result, objective);
  OKR_ASSIGN_OR_RETURN(const auth::Relation relation,
                       access::RelationTo(view, projection::Directory(), viewer.principal,
                                          viewer.person, objective.name.organization_id(), owner));
  return auth::Allowed(viewer.principal, relation, auth::Action::kGrade);
}

absl::Status CheckCanBeGraded(const ::okr::Objective& objective, const ::okr::KeyResult& key_result,
                              const ::okr::Cycle& cycle) {
  if (cycle.state != ::okr::CycleState::kGrading) {
    return error::CycleNotGrading(cycle.name.ToString(), NameOf(cycle.state));
  }
  if (LifecycleOf(objective) != Lifecycle::kActive) {
    return error::ObjectiveCountsNowhere(objective.name.ToString(), NameOf(objective.state));
  }
  if (key_result.state == KeyResultState::kRetired) {
    return error::KeyResultRetired(key_result.name.ToString());
  }
  return absl::OkStatus();
}

// Notes everything that will be needed, so that it comes in one round; the book is locked first.
void WantAll(store::View& view, const auth::Principal& principal, const KeyResultName& name) {
  view.Want(tables::Books(), "");
  access::WantCaller(view, projection::Directory(), principal);
  view.Want(projection::Organizations(), "");
  view.Want(projection::KeyResults(), name.relative());
  view.Want(projection::Objectives(), name.objective().relative());
  view.Want(tables::Measurements(), name.relative());
  view.Want(tables::Grades(), name.relative());
  view.Want(tables::KeyResultScores(), name.relative());
  view.Want(tables::ObjectiveParts(), name.objective().relative());
  view.Want(tables::ObjectiveScores(), name.objective().relative());
}

v1::Grade GradeToKeep(const v1::Grade& sent, const Viewer& viewer, absl::Time now) {
  v1::Grade grade = sent;
  grade.set_grader(access::ActorName(viewer.principal, viewer.person));
  *grade.mutable_grade_time() = ToTimestamp(now);
  return grade;
}

// Stores the grade and computes what follows. The event stands on a version of the score, as all
// events of the key result do.
absl::Status Keep(store::View& view, const KeyResultName& name, const v1::Grade& grade,
                  bool is_private) {
  OKR_ASSIGN_OR_RETURN(const auto before, view.Find(tables::KeyResultScores(), name.relative()));
  OKR_RETURN_IF_ERROR(view.Find(tables::Grades(), name.relative()).status());
  view.Put(tables::Grades(), name.relative(), grade);
  if (before) {
    okr::events::v1::KeyResultGradedEvent payload;
    payload.set_key_result(name.ToString());
    *payload.mutable_grade() = grade;
    const int64_t version = view.Put(tables::KeyResultScores(), name.relative(), *before);
    view.Emit("okr.scoring.v1.KeyResultGraded", name.ToString(), version, payload, is_private);
  }
  return Recompute(view, name.organization_id(),
                   {.key_results = {std::string(name.relative())}, .objectives = {}});
}

}  // namespace

absl::Status GradeKeyResult(const rpc::Call& call, const v1::GradeKeyResultRequest& request,
                            store::View& view, v1::KeyResultScore& response) {
  OKR_ASSIGN_OR_RETURN(const KeyResultName name, CheckRequest(request));
  WantAll(view, call.principal, name);
  // The book is opened before anything of the organization is known here, and guards all of it.
  OKR_ASSIGN_OR_RETURN(const auto book, view.Find(tables::Books(), ""));
  if (!book) return error::NotFound(name.ToString());
  OKR_ASSIGN_OR_RETURN(const Viewer viewer, FindViewer(view, call.principal));
  OKR_ASSIGN_OR_RETURN(const ::okr::Objective* objective,
                       FindObjective(view, viewer, name.objective(), name.ToString()));
  OKR_ASSIGN_OR_RETURN(const ::okr::KeyResult* key_result, FindKeyResult(view, name));
  OKR_RETURN_IF_ERROR(CheckMayGrade(view, viewer, *objective, *key_result));
  OKR_ASSIGN_OR_RETURN(const auto cycle,
                       view.Find(projection::Cycles(), objective->cycle.relative()));
  if (!cycle) return error::NotFound(objective->cycle.ToString());
  OKR_RETURN_IF_ERROR(CheckCanBeGraded(*objective, *key_result, *cycle));

  const v1::Grade grade = GradeToKeep(request.grade(), viewer, view.now());
  OKR_ASSIGN_OR_RETURN(const Grade domain_grade, DomainGrade(grade));
  OKR_RETURN_IF_ERROR(ValidateGrade(
      domain_grade, EffectiveCommitment(DomainKeyResult(*key_result), CommitmentOf(*objective))));
  const bool is_private =
      objective->visibility == Visibility::kPrivate || objective->owner.person() != nullptr;
  OKR_RETURN_IF_ERROR(Keep(view, name, grade, is_private));
  OKR_ASSIGN_OR_RETURN(const auto score, view.Find(tables::KeyResultScores(), name.relative()));
  if (!score) return error::NotFound(name.ToString());
  response = *score;
  if (!MaySeeScore(viewer, *objective, *key_result)) HideScore(response);
  return absl::OkStatus();
}

}  // namespace okr::scoring
