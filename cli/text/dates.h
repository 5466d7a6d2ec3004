// Days and times as people write them: absolute, or relative to a day.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace okr::cli {

// "2026-01-31"; "today"; "-120d", "+6w", "today+30d", "today-2w" (d: days, w: weeks).
// INVALID_ARGUMENT otherwise, with the forms that are right.
absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text, absl::CivilDay today);

// Whether `text` moves with today.
bool IsRelativeDay(absl::string_view text);

struct Moment {
  absl::Time now;
  absl::CivilDay today;  // What relative days count from.
  absl::TimeZone zone;   // In which a day begins.
};

// RFC 3339 ("2026-01-31T09:30:00Z"), "now", "<day> 14:30", or a day as above: then 09:00 of it, but
// not later than now. Of the years 1 to 9999.
absl::StatusOr<absl::Time> ParseTime(absl::string_view text, const Moment& moment);
// The same for an end: a day alone means the end of it.
absl::StatusOr<absl::Time> ParseEnd(absl::string_view text, const Moment& moment);

// "90m", "12h", "3d", "1h30m". Not negative; a hundred years at most.
absl::StatusOr<absl::Duration> ParseSpan(absl::string_view text);

}  // namespace okr::cli
