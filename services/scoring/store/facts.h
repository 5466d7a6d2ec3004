// What goals, checkins and this service store, as values of the domain.
#pragma once

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "common/resources/resources.h"
#include "okr/checkins/v1/resources.pb.h"
#include "okr/scoring/v1/resources.pb.h"
#include "services/scoring/domain/evaluation.h"
#include "services/scoring/store/stored.pb.h"

namespace okr::scoring {

Commitment CommitmentOf(const ::okr::Objective& objective);
// DRAFT and IN_REVIEW count nowhere; CLOSED counts.
Lifecycle LifecycleOf(const ::okr::Objective& objective);
KeyResult DomainKeyResult(const ::okr::KeyResult& key_result);
// The cycle's own window if the key result's days do not lie in it any more.
Window WindowOf(const ::okr::Cycle& cycle, const ::okr::KeyResult& key_result,
                const absl::TimeZone& zone);
RollUp RollUpOf(const ::okr::Objective& objective, const ::okr::Organization& organization);
// The policy that a cycle is pinned to.
const Policy& PolicyOf(const ::okr::Cycle& cycle);

// Adds a check-in; false if it is there already. Check-ins may come in any order.
bool AddCheckIn(const okr::checkins::v1::CheckIn& check_in, stored::Measurements& measurements);

// Where an event stands in the log of checkins.
struct ToldAt {
  int64_t epoch = 0;
  int64_t position = 0;
};
// Sets when the next check-in is due, unless a later event has done so. False if nothing changed.
bool SetDueTime(std::optional<absl::Time> due_time, ToldAt told,
                stored::Measurements& measurements);

// `key_result` is the full name.
std::vector<Measurement> DomainMeasurements(const std::string& key_result,
                                            const stored::Measurements& measurements);

// What the last check-in says beside the value.
struct LastSaid {
  std::optional<double> confidence;  // Of the last that has one.
  std::optional<StatedStatus> stated_status;
};
LastSaid LastSaidOf(const std::string& key_result, const stored::Measurements& measurements);

// The grade as the domain has it; INVALID_FIELDS naming "grade" and what is in it.
absl::StatusOr<Grade> DomainGrade(const v1::Grade& grade);

// What an objective needs of a key result, to and from its stored form.
stored::KeyResultPart StoredPart(const EvaluatedKeyResult& key_result);
EvaluatedKeyResult EvaluatedFrom(const std::string& objective, const stored::KeyResultPart& part);
AlignedPart DomainPart(absl::string_view organization, const stored::AlignedPart& part);

}  // namespace okr::scoring
