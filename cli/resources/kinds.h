// The kinds of resources of the suite: what they are called, and how their names are written short.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace okr::cli {

enum class Kind {
  kOrganization,
  kPerson,
  kTeam,
  kCycle,
  kObjective,
  kKeyResult,
  kCheckIn,
};

struct KindInfo {
  Kind kind;
  std::string singular;    // On the command line: "key-result".
  std::string plural;      // "key-results".
  std::string collection;  // In names: "keyResults".
  std::string message;     // "okr.goals.v1.KeyResult".
};

// All kinds, in the order in which an organization is built.
const std::vector<KindInfo>& AllKinds();
const KindInfo& InfoOf(Kind kind);

const google::protobuf::Descriptor* ResourceDescriptor(Kind kind);

// The full name of what a person wrote:
//  - "organizations/…" as it is;
//  - "people/anna", "objectives/grow/keyResults/nps" below `organization`;
//  - "anna" where only one kind is possible; "grow/nps" for a key result, "grow/nps/c01" for a
//    check-in.
// `organization` is "organizations/x". INVALID_ARGUMENT if it is none of these, or of a kind that
// is not in `kinds`.
absl::StatusOr<std::string> ResolveName(absl::string_view text, const std::vector<Kind>& kinds,
                                        absl::string_view organization);
absl::StatusOr<std::string> ResolveName(absl::string_view text, Kind kind,
                                        absl::string_view organization);

// The last part of a name.
std::string IdOf(absl::string_view name);
// A name as people read it: without the organization, and below their objectives without
// collections: "people/anna", "grow/nps".
std::string ShortName(absl::string_view name);
// `name` without its last two parts.
std::string ParentOf(absl::string_view name);

// The kinds of resources that a field refers to; empty if it is no reference.
const std::vector<Kind>& ReferencedKinds(const google::protobuf::FieldDescriptor& field);

}  // namespace okr::cli
