// Makes an organization be as a plan says.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/apply/progress.h"
#include "cli/client/client.h"
#include "cli/config/credentials.h"
#include "cli/plan/plan.h"
#include "cli/resources/kinds.h"
#include "google/protobuf/message.h"
#include "okr/directory/v1/directory_service.pb.h"

namespace okr::cli {

// "objectives of q1"; only "objectives" without a cycle.
std::string Of(absl::string_view what, absl::string_view cycle);

// What is there, by name.
using Existing = std::map<std::string, std::unique_ptr<google::protobuf::Message>>;

// Creates what is missing and changes what differs; deletes nothing. Request ids follow from what
// is asked for, so a run that was interrupted can be repeated. Used once for a plan.
class Applier {
 public:
  // All must outlive it. `credentials` makes the tokens of the people who check in and grade, where
  // there is a development key.
  Applier(Client& client, const Credentials& credentials, Progress& progress)
      : client_(client), credentials_(credentials), progress_(progress) {}

  // Finds the organization, or makes it if the plan names its administrator; decides who calls.
  absl::Status Open(const Plan& plan);
  // Reads what is there. Needs Open.
  absl::Status ReadExisting(absl::string_view organization);
  // By how many days the relative days of the plan must move, so that a cycle which is there
  // already stays where it is. Needs ReadExisting.
  int64_t DaysToMove(const Plan& plan) const;
  // Needs all of the above.
  absl::Status Apply(const Plan& plan);

  const Summary& summary() const { return summary_; }
  // What was left as it is though the plan says otherwise.
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  // applier.cc
  absl::Status CreateOrganization(const Plan& plan);
  absl::Status ReadAll(google::protobuf::Message* request);
  // Creates or updates one; `there` becomes what it is then.
  template <typename Message>
  absl::Status Ensure(Kind kind, const Planned<Message>& planned);
  absl::Status Create(Kind kind, const std::string& name, const google::protobuf::Message& wanted);
  absl::Status Update(Kind kind, const google::protobuf::Message& wanted,
                      const std::vector<std::string>& fields);
  void Count(absl::string_view verb, Kind kind);
  absl::Status CheckNotDeleted(Kind kind, const google::protobuf::Message& there) const;
  // The latest state of a resource that is there.
  template <typename Message>
  Message& There(const std::string& name);
  // Sends a write with an id that follows from it and `seed`.
  template <typename Request>
  absl::Status Write(Request request, absl::string_view seed, google::protobuf::Message* answer,
                     const std::string& token = "");

  // apply_cycle.cc
  absl::Status ApplyCycle(const PlannedCycle& cycle, const Plan& plan);
  std::vector<const PlannedObjective*> ObjectivesOf(const PlannedCycle& cycle,
                                                    const Plan& plan) const;
  absl::Status EnsureObjectives(const std::vector<const PlannedObjective*>& objectives);
  absl::Status EnsureAlignments(const PlannedObjective& planned);
  absl::Status EnsureActive(const PlannedObjective& planned);
  absl::Status EnsureRetired(const PlannedObjective& planned);
  template <typename Request>
  absl::Status MoveCycle(const std::string& name, directory::v1::CycleState from,
                         directory::v1::CycleState wanted, absl::string_view verb);

  // apply_check_ins.cc
  absl::Status EnsureCheckIns(const PlannedCycle& cycle,
                              const std::vector<const PlannedObjective*>& objectives);
  absl::StatusOr<std::set<std::string>> ExistingCheckIns(
      const std::vector<const PlannedObjective*>& objectives);
  absl::Status SendCheckIns(const std::vector<const PlannedCheckIn*>& check_ins);
  absl::Status SendBatch(const std::string& by, const std::vector<const PlannedCheckIn*>& batch);
  absl::Status EnsureGrades(const PlannedCycle& cycle,
                            const std::vector<const PlannedObjective*>& objectives);
  absl::Status EnsureGrade(const PlannedKeyResult& key_result);
  // The token to call as a person with; empty for the caller's own.
  absl::StatusOr<std::string> TokenOf(const std::string& person);

  Client& client_;
  const Credentials& credentials_;
  Progress& progress_;
  std::string organization_;
  std::string caller_;  // A token, or empty for the session's.
  Existing existing_;
  std::map<std::string, std::string> tokens_;
  Summary summary_;
  std::vector<std::string> remarks_;
};

template <typename Message>
Message& Applier::There(const std::string& name) {
  std::unique_ptr<google::protobuf::Message>& there = existing_[name];
  if (there == nullptr) there = std::make_unique<Message>();
  return dynamic_cast<Message&>(*there);
}

}  // namespace okr::cli
