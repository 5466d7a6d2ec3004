// From what clients write to the values of the domain. What cannot be one is added to the
// violations, with the path as the client wrote it; then the value stays as it was, and in a list
// an empty name keeps the place. What values may be is the domain's to say.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/resources/resources.h"
#include "common/rpc/call.h"
#include "common/status/error.h"
#include "google/type/date.pb.h"
#include "okr/directory/v1/resources.pb.h"
#include "okr/goals/v1/resources.pb.h"
#include "services/goals/transport/actor.h"

namespace okr::goals::transport {

// Absent, and a violation, unless `text` is such a name.
template <typename Name>
std::optional<Name> ParseName(absl::string_view field, absl::string_view text,
                              Violations& violations) {
  absl::StatusOr<Name> name = Name::Parse(text, field);
  if (name.ok()) return *std::move(name);
  violations.AddFrom("", name.status());
  return std::nullopt;
}

// The organization that `parent` names; that of the token, and a violation, if it is no such name.
OrganizationName ParseParent(const rpc::Call& call, absl::string_view parent,
                             Violations& violations);

// The id that the client chose, or one that is made of the call: the same each time that the
// command is decided.
std::string IdOf(const rpc::Call& call, absl::string_view field, absl::string_view chosen,
                 Violations& violations);

// The fields of an objective that an update may change.
void ParseFields(const v1::Objective& message, const Actor& actor, const std::string& prefix,
                 Objective& objective, Violations& violations);
// Those that are set at creation.
void ParseCycle(const v1::Objective& message, const std::string& prefix, Objective& objective,
                Violations& violations);
void ParseAlignments(const v1::Objective& message, const std::string& prefix, Objective& objective,
                     Violations& violations);
std::optional<Alignment> ParseAlignment(const v1::Alignment& message, const std::string& prefix,
                                        Violations& violations);

// Whether the dates are right as far as can be said without the cycle.
bool ParseFields(const v1::KeyResult& message, const Actor& actor, const std::string& prefix,
                 KeyResult& key_result, Violations& violations);

void ParseFields(const directory::v1::Organization& message, const std::string& prefix,
                 Organization& organization, Violations& violations);
void ParseFields(const directory::v1::Person& message, const std::string& prefix, Person& person,
                 Violations& violations);
void ParseFields(const directory::v1::Team& message, const Actor& actor, const std::string& prefix,
                 Team& team, Violations& violations);
// Whether both dates are right.
bool ParseFields(const directory::v1::Cycle& message, const std::string& prefix, Cycle& cycle,
                 Violations& violations);

}  // namespace okr::goals::transport
