// What notifications say: plain English, the title in one line. No text holds a score, since who
// reads it may not be among those who see the score.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "services/notifications/domain/status_rule.h"

namespace okr::notifications {

struct Text {
  std::string title;
  std::string body;
  bool operator==(const Text&) const = default;
};

// In quotation marks, without line breaks, cut to at most 100 characters.
std::string Quoted(absl::string_view title);

// The parameters are titles as people wrote them. `last_day` is the last one on which the check-in
// was in time: it is told when that day is over. `grace_day` is the one on which the grace ends.
Text CheckInDue(absl::string_view key_result, absl::string_view objective, absl::CivilDay last_day,
                absl::CivilDay grace_day);
Text CheckInOverdue(absl::string_view key_result, absl::string_view objective,
                    absl::CivilDay last_day);

Text KeyResultStatusChanged(absl::string_view key_result, absl::string_view objective,
                            Status before, Status after);
Text ObjectiveStatusChanged(absl::string_view objective, Status before, Status after);

// To those who own what is blocked.
Text BlockerRaised(absl::string_view key_result, absl::string_view objective, int blockers);
// To those whose help is asked for, as a person or as a lead of a team. What is in the way is not
// repeated: the check-in says it, to those who may see it.
enum class Asked { kPerson, kTeam };
Text HelpAsked(absl::string_view key_result, absl::string_view objective, Asked asked);

// To the owner of the objective `parent`, or of a key result of it.
Text AlignedToObjective(absl::string_view child, absl::string_view parent);
Text AlignedToKeyResult(absl::string_view child, absl::string_view key_result,
                        absl::string_view parent);

// `key_results` is how many of the cycle the reader owns; at least 1.
Text GradingOpened(absl::string_view cycle, int key_results);

}  // namespace okr::notifications
