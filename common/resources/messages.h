// Between the values of resources.h and the public messages.
//
// ToProto fills everything but `etag` and `score_summary`. FromProto trusts the message, which was
// written by ToProto of this or another service: it fails only if a name in it is not one. What
// clients send is checked in the goals service.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/resources/resources.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "okr/directory/v1/resources.pb.h"
#include "okr/goals/v1/resources.pb.h"

namespace okr {

directory::v1::Organization ToProto(const Organization& organization);
directory::v1::Person ToProto(const Person& person);
directory::v1::Team ToProto(const Team& team);
directory::v1::Cycle ToProto(const Cycle& cycle);
goals::v1::Objective ToProto(const Objective& objective);
goals::v1::KeyResult ToProto(const KeyResult& key_result);
goals::v1::Alignment ToProto(const Alignment& alignment);

absl::StatusOr<Organization> FromProto(const directory::v1::Organization& message);
absl::StatusOr<Person> FromProto(const directory::v1::Person& message);
absl::StatusOr<Team> FromProto(const directory::v1::Team& message);
absl::StatusOr<Cycle> FromProto(const directory::v1::Cycle& message);
absl::StatusOr<Objective> FromProto(const goals::v1::Objective& message);
absl::StatusOr<KeyResult> FromProto(const goals::v1::KeyResult& message);
absl::StatusOr<Alignment> FromProto(const goals::v1::Alignment& message);

// Cut to nanoseconds; out of the range of a Timestamp they become its ends.
google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);
google::type::Date ToDate(absl::CivilDay day);
absl::CivilDay FromDate(const google::type::Date& date);
// A date with year, month and day that exists.
bool IsWholeDate(const google::type::Date& date);

}  // namespace okr
