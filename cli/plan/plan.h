// What a plan file says: an organization with all that belongs to it, as it shall be.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "cli/resources/source_error.h"
#include "cli/text/dates.h"
#include "okr/checkins/v1/resources.pb.h"
#include "okr/directory/v1/resources.pb.h"
#include "okr/goals/v1/resources.pb.h"
#include "okr/scoring/v1/resources.pb.h"
#include "yaml-cpp/yaml.h"

namespace okr::cli {

// A resource that shall be there. `fields` are those that the file sets; others are left alone.
template <typename Message>
struct Planned {
  std::string name;
  Message message;
  std::vector<std::string> fields;
};

struct PlannedCheckIn {
  std::string name;
  std::string by;  // A person's name; empty for the caller.
  checkins::v1::CheckIn message;
};

struct PlannedGrade {
  std::string by;  // A person's name; empty for the caller.
  scoring::v1::Grade message;
};

// Why something is given up.
struct Retirement {
  std::string reason;
  std::string superseded_by;  // An objective's name, or empty.
};

struct PlannedKeyResult : Planned<goals::v1::KeyResult> {
  std::optional<Retirement> retirement;
  std::vector<PlannedCheckIn> check_ins;
  std::optional<PlannedGrade> grade;
};

struct PlannedObjective : Planned<goals::v1::Objective> {
  std::vector<goals::v1::Alignment> alignments;  // Not in `message`.
  bool draft = false;                            // Otherwise it is activated.
  std::optional<Retirement> retirement;
  std::vector<PlannedKeyResult> key_results;
};

struct PlannedCycle : Planned<directory::v1::Cycle> {
  directory::v1::CycleState state = directory::v1::CYCLE_STATE_DRAFT;
  bool moves_with_today = false;  // Its start is a relative day.
};

struct Plan {
  Planned<directory::v1::Organization> organization;
  std::string administrator;  // A person's name, or empty.
  std::vector<Planned<directory::v1::Person>> people;
  std::vector<Planned<directory::v1::Team>> teams;  // Parents first.
  std::vector<PlannedCycle> cycles;                 // Parents first, else as in the file.
  std::vector<PlannedObjective> objectives;
};

// Reads a plan. `organization` ("organizations/x") is that of the caller, used if the file names
// none; it may be empty. What is wrong goes to `errors`, all of it; the plan is then not to be
// used.
Plan ReadPlan(const YAML::Node& root, absl::string_view organization, const Moment& moment,
              SourceErrors* errors);

// Counts, for progress and summaries.
size_t CountKeyResults(const Plan& plan);
size_t CountCheckIns(const Plan& plan);

}  // namespace okr::cli
