// What people said: check-ins while a cycle runs, grades when it is over.
#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/apply/applier.h"
#include "cli/apply/write.h"
#include "cli/plan/difference.h"
#include "cli/plan/request_id.h"
#include "cli/render/errors.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "google/rpc/error_details.pb.h"
#include "okr/checkins/v1/checkins_service.pb.h"
#include "okr/goals/v1/resources.pb.h"
#include "okr/scoring/v1/scoring_service.pb.h"

namespace okr::cli {
namespace {

using checkins::v1::BatchCreateCheckInsRequest;
using checkins::v1::BatchCreateCheckInsResponse;

constexpr size_t kBatch = 100;
constexpr absl::Duration kWholeRun = absl::Hours(1);

bool IsCorrection(const PlannedCheckIn* check_in) { return !check_in->message.corrects().empty(); }

// When it is to be sent. History is written in the order in which it happened: first the oldest
// check-in of every key result, then the next of each; corrections after what they correct.
struct Turn {
  size_t wave;
  const PlannedCheckIn* check_in;
};

std::vector<Turn> InTurns(std::vector<const PlannedCheckIn*> check_ins) {
  std::stable_sort(check_ins.begin(), check_ins.end(), [](const auto* a, const auto* b) {
    if (IsCorrection(a) != IsCorrection(b)) return IsCorrection(b);
    return a->message.effective_time().seconds() < b->message.effective_time().seconds();
  });
  std::map<std::string, size_t> waves;  // By key result.
  std::vector<Turn> turns;
  for (const PlannedCheckIn* check_in : check_ins) {
    turns.push_back({waves[ParentOf(check_in->name)]++, check_in});
  }
  // In each wave by whom, so that a batch is of one person.
  std::stable_sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) {
    return std::tie(a.wave, a.check_in->by) < std::tie(b.wave, b.check_in->by);
  });
  return turns;
}

absl::Status MemberError(const PlannedCheckIn& check_in, const google::rpc::Status& error) {
  ErrorDetails details;
  details.metadata["check_in"] = ShortName(check_in.name);
  for (const auto& any : error.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    if (any.UnpackTo(&info)) details.reason = info.reason();
    if (!any.UnpackTo(&bad)) continue;
    for (const auto& violation : bad.field_violations()) {
      details.violations.push_back({violation.field(), violation.description()});
    }
  }
  return MakeError(static_cast<absl::StatusCode>(error.code()),
                   absl::StrCat("the check-in ", ShortName(check_in.name), ": ", error.message()),
                   details);
}

}  // namespace

absl::StatusOr<std::string> Applier::TokenOf(const std::string& person) {
  if (person.empty() || !credentials_.has_development_key()) return std::string();
  std::string& token = tokens_[person];
  if (!token.empty()) return token;
  const auto there = existing_.find(person);
  std::string subject = IdOf(person);
  if (there != existing_.end()) {
    subject = dynamic_cast<const directory::v1::Person&>(*there->second).subject();
  }
  OKR_ASSIGN_OR_RETURN(token, credentials_.Mint(subject, "MEMBER", IdOf(organization_), kWholeRun));
  return token;
}

absl::StatusOr<std::set<std::string>> Applier::ExistingCheckIns(
    const std::vector<const PlannedObjective*>& objectives) {
  std::set<std::string> names;
  for (const PlannedObjective* objective : objectives) {
    checkins::v1::ListCheckInsRequest request;
    request.set_parent(absl::StrCat(objective->name, "/keyResults/-"));
    OKR_ASSIGN_OR_RETURN(const auto items, client_.ListAll(&request, {.token = caller_}));
    for (const auto& item : items) {
      names.insert(dynamic_cast<const checkins::v1::CheckIn&>(*item).name());
    }
  }
  return names;
}

absl::Status Applier::EnsureCheckIns(const PlannedCycle& cycle,
                                     const std::vector<const PlannedObjective*>& objectives) {
  std::vector<const PlannedCheckIn*> planned;
  std::vector<const PlannedObjective*> with_check_ins;
  for (const PlannedObjective* objective : objectives) {
    const size_t before = planned.size();
    for (const PlannedKeyResult& key_result : objective->key_results) {
      for (const PlannedCheckIn& check_in : key_result.check_ins) planned.push_back(&check_in);
    }
    if (planned.size() > before) with_check_ins.push_back(objective);
  }
  OKR_ASSIGN_OR_RETURN(const std::set<std::string> there, ExistingCheckIns(with_check_ins));
  std::erase_if(planned, [&](const PlannedCheckIn* c) { return there.contains(c->name); });
  if (planned.empty()) return absl::OkStatus();
  if (!cycle.name.empty() &&
      There<directory::v1::Cycle>(cycle.name).state() != directory::v1::CYCLE_STATE_ACTIVE) {
    remarks_.push_back(absl::StrCat(planned.size(), " check-ins of ", ShortName(cycle.name),
                                    " were left out: the cycle is not active"));
    return absl::OkStatus();
  }
  progress_.Start(Of("check-ins", cycle.name), planned.size());
  return SendCheckIns(planned);
}

absl::Status Applier::SendCheckIns(const std::vector<const PlannedCheckIn*>& check_ins) {
  const std::vector<Turn> turns = InTurns(check_ins);
  std::vector<const PlannedCheckIn*> batch;
  for (size_t i = 0; i < turns.size(); ++i) {
    batch.push_back(turns[i].check_in);
    const bool goes_on = i + 1 < turns.size() && turns[i + 1].wave == turns[i].wave &&
                         turns[i + 1].check_in->by == turns[i].check_in->by;
    if (goes_on && batch.size() < kBatch) continue;
    OKR_RETURN_IF_ERROR(SendBatch(turns[i].check_in->by, batch));
    progress_.Advance(batch.size());
    batch.clear();
  }
  return absl::OkStatus();
}

absl::Status Applier::SendBatch(const std::string& by,
                                const std::vector<const PlannedCheckIn*>& batch) {
  OKR_ASSIGN_OR_RETURN(const std::string token, TokenOf(by));
  BatchCreateCheckInsRequest request;
  request.set_parent(organization_);
  for (const PlannedCheckIn* check_in : batch) {
    auto& member = *request.add_requests();
    const std::string& name = check_in->name;
    member.set_parent(name.substr(0, name.rfind("/checkIns/")));
    member.set_check_in_id(IdOf(name));
    *member.mutable_check_in() = check_in->message;
    member.set_request_id(RequestIdOf("apply", member));
  }
  OKR_ASSIGN_OR_RETURN(const auto response,
                       client_.Call<BatchCreateCheckInsResponse>(
                           request, {.token = token.empty() ? caller_ : token}));
  for (int i = 0; i < response.results_size() && i < static_cast<int>(batch.size()); ++i) {
    const checkins::v1::CheckInResult& result = response.results(i);
    if (!result.has_error()) {
      summary_.Add("recorded", "check-in", "check-ins");
    } else if (result.error().code() != static_cast<int>(absl::StatusCode::kAlreadyExists)) {
      return MemberError(*batch[i], result.error());
    }
  }
  return absl::OkStatus();
}

absl::Status Applier::EnsureGrades(const PlannedCycle& cycle,
                                   const std::vector<const PlannedObjective*>& objectives) {
  std::vector<const PlannedKeyResult*> graded;
  for (const PlannedObjective* objective : objectives) {
    for (const PlannedKeyResult& key_result : objective->key_results) {
      if (key_result.grade.has_value()) graded.push_back(&key_result);
    }
  }
  if (graded.empty() || cycle.name.empty()) return absl::OkStatus();
  const auto state = There<directory::v1::Cycle>(cycle.name).state();
  // What is closed stays as it is.
  if (state == directory::v1::CYCLE_STATE_CLOSED) return absl::OkStatus();
  if (state != directory::v1::CYCLE_STATE_GRADING) {
    remarks_.push_back(absl::StrCat(graded.size(), " grades of ", ShortName(cycle.name),
                                    " were left out: the cycle is not in grading"));
    return absl::OkStatus();
  }
  progress_.Start(Of("grades", cycle.name), graded.size());
  for (const PlannedKeyResult* key_result : graded) {
    OKR_RETURN_IF_ERROR(EnsureGrade(*key_result));
    progress_.Advance();
  }
  return absl::OkStatus();
}

absl::Status Applier::EnsureGrade(const PlannedKeyResult& key_result) {
  scoring::v1::GetKeyResultScoreRequest get;
  get.set_name(key_result.name);
  OKR_ASSIGN_OR_RETURN(const auto there,
                       client_.Call<scoring::v1::KeyResultScore>(get, {.token = caller_}));
  if (there.has_grade() && Contains(there.grade(), key_result.grade->message)) {
    return absl::OkStatus();
  }
  OKR_ASSIGN_OR_RETURN(const std::string token, TokenOf(key_result.grade->by));
  scoring::v1::GradeKeyResultRequest request;
  request.set_name(key_result.name);
  *request.mutable_grade() = key_result.grade->message;
  summary_.Add("graded", "key result", "key results");
  scoring::v1::KeyResultScore answer;
  // The time of the present grade tells this one from the same at another time.
  return Write(request, absl::StrCat("apply ", there.grade().grade_time().seconds()), &answer,
               token);
}

}  // namespace okr::cli
