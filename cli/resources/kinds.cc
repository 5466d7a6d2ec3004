#include "cli/resources/kinds.h"

#include <map>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace okr::cli {
namespace {

using google::protobuf::DescriptorPool;

// The collections of a name below the organization, e.g. {"objectives", "keyResults"}.
std::vector<std::string> Collections(Kind kind) {
  switch (kind) {
    case Kind::kKeyResult:
      return {"objectives", "keyResults"};
    case Kind::kCheckIn:
      return {"objectives", "keyResults", "checkIns"};
    default:
      return {InfoOf(kind).collection};
  }
}

// The ids of `parts` if they alternate with `collections`.
bool FollowsCollections(const std::vector<std::string>& parts,
                        const std::vector<std::string>& collections) {
  if (parts.size() != 2 * collections.size()) return false;
  for (size_t i = 0; i < collections.size(); ++i) {
    if (parts[2 * i] != collections[i] || parts[2 * i + 1].empty()) return false;
  }
  return true;
}

std::string Join(absl::string_view organization, const std::vector<std::string>& collections,
                 const std::vector<std::string>& ids) {
  std::string name(organization);
  for (size_t i = 0; i < ids.size(); ++i) absl::StrAppend(&name, "/", collections[i], "/", ids[i]);
  return name;
}

// The form that a person would write.
std::string Example(Kind kind) {
  switch (kind) {
    case Kind::kKeyResult:
      return "objective-id/key-result-id";
    case Kind::kCheckIn:
      return "objective-id/key-result-id/check-in-id";
    default:
      return absl::StrCat(InfoOf(kind).collection, "/", InfoOf(kind).singular, "-id");
  }
}

absl::Status NoName(absl::string_view text, const std::vector<Kind>& kinds) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text, "\" is no name of ",
      absl::StrJoin(kinds, " or ",
                    [](std::string* out, Kind kind) {
                      const bool vowel = kind == Kind::kOrganization || kind == Kind::kObjective;
                      absl::StrAppend(out, vowel ? "an " : "a ", InfoOf(kind).singular);
                    }),
      "; write ", absl::StrJoin(kinds, " or ", [](std::string* out, Kind kind) {
        absl::StrAppend(out, Example(kind));
      })));
}

}  // namespace

const std::vector<KindInfo>& AllKinds() {
  static const auto& kinds = *new std::vector<KindInfo>{
      {Kind::kOrganization, "organization", "organizations", "organizations",
       "okr.directory.v1.Organization"},
      {Kind::kPerson, "person", "people", "people", "okr.directory.v1.Person"},
      {Kind::kTeam, "team", "teams", "teams", "okr.directory.v1.Team"},
      {Kind::kCycle, "cycle", "cycles", "cycles", "okr.directory.v1.Cycle"},
      {Kind::kObjective, "objective", "objectives", "objectives", "okr.goals.v1.Objective"},
      {Kind::kKeyResult, "key-result", "key-results", "keyResults", "okr.goals.v1.KeyResult"},
      {Kind::kCheckIn, "check-in", "check-ins", "checkIns", "okr.checkins.v1.CheckIn"}};
  return kinds;
}

const KindInfo& InfoOf(Kind kind) { return AllKinds()[static_cast<size_t>(kind)]; }

const google::protobuf::Descriptor* ResourceDescriptor(Kind kind) {
  return DescriptorPool::generated_pool()->FindMessageTypeByName(InfoOf(kind).message);
}

absl::StatusOr<std::string> ResolveName(absl::string_view text, const std::vector<Kind>& kinds,
                                        absl::string_view organization) {
  std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() >= 2 && parts[0] == "organizations") {
    if (absl::c_linear_search(kinds, Kind::kOrganization) && parts.size() == 2) {
      return std::string(text);
    }
    parts.erase(parts.begin(), parts.begin() + 2);
    for (const Kind kind : kinds) {
      if (FollowsCollections(parts, Collections(kind))) return std::string(text);
    }
    return NoName(text, kinds);
  }
  if (absl::c_any_of(parts, [](const std::string& part) { return part.empty(); })) {
    return NoName(text, kinds);
  }
  for (const Kind kind : kinds) {
    if (FollowsCollections(parts, Collections(kind))) return absl::StrCat(organization, "/", text);
  }
  // Ids alone; two kinds of the same depth cannot be told apart.
  std::vector<Kind> fitting;
  for (const Kind kind : kinds) {
    if (Collections(kind).size() == parts.size()) fitting.push_back(kind);
  }
  if (fitting.size() != 1) return NoName(text, kinds);
  if (fitting[0] == Kind::kOrganization) return absl::StrCat("organizations/", text);
  return Join(organization, Collections(fitting[0]), parts);
}

absl::StatusOr<std::string> ResolveName(absl::string_view text, Kind kind,
                                        absl::string_view organization) {
  return ResolveName(text, std::vector<Kind>{kind}, organization);
}

std::string IdOf(absl::string_view name) {
  return std::string(name.substr(name.rfind('/') == name.npos ? 0 : name.rfind('/') + 1));
}

std::string ShortName(absl::string_view name) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  if (parts.size() < 3 || parts[0] != "organizations") return std::string(name);
  if (parts[2] != "objectives") {
    return absl::StrJoin(parts.begin() + 2, parts.end(), "/");
  }
  std::vector<std::string> ids;
  for (size_t i = 3; i < parts.size(); i += 2) ids.push_back(parts[i]);
  return absl::StrJoin(ids, "/");
}

std::string ParentOf(absl::string_view name) {
  const size_t last = name.rfind('/');
  const size_t before = last == name.npos || last == 0 ? name.npos : name.rfind('/', last - 1);
  return std::string(before == name.npos ? absl::string_view() : name.substr(0, before));
}

const std::vector<Kind>& ReferencedKinds(const google::protobuf::FieldDescriptor& field) {
  static const auto& none = *new std::vector<Kind>();
  static const auto& kinds = *new std::map<std::string, std::vector<Kind>>{
      {"okr.directory.v1.Team.parent", {Kind::kTeam}},
      {"okr.directory.v1.TeamMember.person", {Kind::kPerson}},
      {"okr.directory.v1.Cycle.parent", {Kind::kCycle}},
      {"okr.goals.v1.Objective.owner", {Kind::kPerson, Kind::kTeam}},
      {"okr.goals.v1.Objective.cycle", {Kind::kCycle}},
      {"okr.goals.v1.Objective.shared_with", {Kind::kPerson}},
      {"okr.goals.v1.Alignment.parent", {Kind::kObjective, Kind::kKeyResult}},
      {"okr.goals.v1.KeyResult.owner", {Kind::kPerson, Kind::kTeam}},
      {"okr.goals.v1.ListObjectivesRequest.cycle", {Kind::kCycle}},
      {"okr.goals.v1.ListObjectivesRequest.owner", {Kind::kPerson, Kind::kTeam}},
      {"okr.goals.v1.ListKeyResultsRequest.cycle", {Kind::kCycle}},
      {"okr.goals.v1.ListKeyResultsRequest.owner", {Kind::kPerson, Kind::kTeam}},
      {"okr.checkins.v1.Blocker.help_from", {Kind::kPerson, Kind::kTeam}}};
  const auto found = kinds.find(field.full_name());
  return found == kinds.end() ? none : found->second;
}

}  // namespace okr::cli
