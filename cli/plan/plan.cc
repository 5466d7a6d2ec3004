#include "cli/plan/plan.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/resources/kinds.h"
#include "cli/resources/message_reader.h"
#include "cli/text/words.h"

namespace okr::cli {
namespace {

using YAML::Node;

class PlanReader {
 public:
  PlanReader(std::string organization, const Moment& moment, SourceErrors* errors)
      : organization_(std::move(organization)),
        moment_(moment),
        reader_({.organization = organization_, .moment = moment}, errors) {}

  Plan Read(const Node& root);

 private:
  using ItemReader = std::function<void(const Node&)>;

  void CheckKeys(const Node& node, const std::vector<std::string>& known);
  void ForEach(const Node& list, absl::string_view what, const ItemReader& read);
  // Of a key of `node`, without adding it there; empty if it is not there.
  std::string Text(const Node& node, const char* key);
  std::string Name(const Node& node, const char* key, Kind kind);
  // The name of an item of a list, by its "id".
  std::string OwnName(const Node& node, Kind kind, absl::string_view parent);
  template <typename Message>
  void ReadResource(const Node& node, Kind kind, absl::string_view parent,
                    const std::set<std::string>& others, Planned<Message>* planned);

  void ReadOrganization(const Node& node, Plan* plan);
  void ReadPerson(const Node& node, Plan* plan);
  void ReadTeam(const Node& node, Plan* plan);
  void ReadCycle(const Node& node, Plan* plan);
  void ReadObjective(const Node& node, Plan* plan);
  void ReadAlignments(const Node& node, PlannedObjective* objective);
  void ReadObjectiveState(const Node& node, PlannedObjective* objective);
  void ReadKeyResult(const Node& node, PlannedObjective* objective);
  void ReadCheckIn(const Node& node, PlannedKeyResult* key_result);
  void ReadGrade(const Node& node, PlannedKeyResult* key_result);
  std::optional<Retirement> ReadRetirement(const Node& node);
  std::string CheckInId(const Node& node, const checkins::v1::CheckIn& check_in);

  const std::string organization_;
  const Moment moment_;
  MessageReader reader_;
  std::set<std::string> names_;
};

bool Has(const Node& node, const char* key) { return node.IsMap() && node[key].IsDefined(); }

// Puts items behind the one that their `parent` field names; those in a circle stay where they are,
// the service refuses them.
template <typename Item>
void ParentsFirst(std::vector<Item>* items) {
  std::vector<Item> sorted;
  std::set<std::string> waiting;
  for (const Item& item : *items) waiting.insert(item.name);
  while (!items->empty()) {
    std::vector<Item> later;
    for (Item& item : *items) {
      if (waiting.contains(item.message.parent())) {
        later.push_back(std::move(item));
      } else {
        sorted.push_back(std::move(item));
      }
    }
    if (later.size() == items->size()) {
      for (Item& item : later) sorted.push_back(std::move(item));
      later.clear();
    }
    for (const Item& item : sorted) waiting.erase(item.name);
    *items = std::move(later);
  }
  *items = std::move(sorted);
}

Plan PlanReader::Read(const Node& root) {
  Plan plan;
  if (!root.IsMap()) {
    reader_.Fail(root, "a plan has keys such as organization, people, teams, cycles, objectives");
    return plan;
  }
  CheckKeys(root, {"organization", "people", "teams", "cycles", "objectives"});
  ReadOrganization(root["organization"], &plan);
  ForEach(root["people"], "people", [&](const Node& node) { ReadPerson(node, &plan); });
  ForEach(root["teams"], "teams", [&](const Node& node) { ReadTeam(node, &plan); });
  ForEach(root["cycles"], "cycles", [&](const Node& node) { ReadCycle(node, &plan); });
  ForEach(root["objectives"], "objectives", [&](const Node& node) { ReadObjective(node, &plan); });
  ParentsFirst(&plan.teams);
  ParentsFirst(&plan.cycles);
  return plan;
}

void PlanReader::CheckKeys(const Node& node, const std::vector<std::string>& known) {
  for (const auto& entry : node) {
    const std::string key = entry.first.Scalar();
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      reader_.Fail(entry.first,
                   absl::StrCat("\"", key, "\" is unknown here", DidYouMean(key, known)));
    }
  }
}

void PlanReader::ForEach(const Node& list, absl::string_view what, const ItemReader& read) {
  if (!list.IsDefined() || list.IsNull()) return;
  if (!list.IsSequence()) {
    reader_.Fail(list, absl::StrCat("\"", what, "\" is a list: write - before each"));
    return;
  }
  for (const Node& item : list) {
    if (item.IsMap()) {
      read(item);
    } else {
      reader_.Fail(item, "keys and values are expected here");
    }
  }
}

std::string PlanReader::Text(const Node& node, const char* key) {
  if (!Has(node, key)) return "";
  if (!node[key].IsScalar()) {
    reader_.Fail(node[key], absl::StrCat("\"", key, "\" is a single value"));
    return "";
  }
  return node[key].Scalar();
}

std::string PlanReader::Name(const Node& node, const char* key, Kind kind) {
  const std::string text = Text(node, key);
  if (text.empty()) return "";
  auto name = ResolveName(text, kind, organization_);
  if (name.ok()) return *std::move(name);
  reader_.Fail(node[key], name.status().message());
  return "";
}

std::string PlanReader::OwnName(const Node& node, Kind kind, absl::string_view parent) {
  const std::string id = Text(node, "id");
  if (id.empty()) {
    reader_.Fail(node, absl::StrCat("this ", InfoOf(kind).singular, " needs an \"id\""));
    return "";
  }
  std::string name = absl::StrCat(parent, "/", InfoOf(kind).collection, "/", id);
  if (!names_.insert(name).second) {
    reader_.Fail(node["id"],
                 absl::StrCat("there are two of the ", InfoOf(kind).singular, " \"", id, "\""));
  }
  return name;
}

template <typename Message>
void PlanReader::ReadResource(const Node& node, Kind kind, absl::string_view parent,
                              const std::set<std::string>& others, Planned<Message>* planned) {
  planned->name = OwnName(node, kind, parent);
  std::set<std::string> keys = others;
  keys.insert("id");
  planned->fields = reader_.Read(node, keys, &planned->message);
  planned->message.set_name(planned->name);
}

void PlanReader::ReadOrganization(const Node& node, Plan* plan) {
  plan->organization.name = organization_;
  plan->organization.message.set_name(organization_);
  if (node.IsDefined()) {
    plan->organization.fields =
        reader_.Read(node, {"id", "administrator"}, &plan->organization.message);
    plan->administrator = Name(node, "administrator", Kind::kPerson);
  }
  if (organization_.empty()) {
    reader_.Fail(node,
                 "the file names no organization: write organization: {id: …}, or use "
                 "--organization");
  }
}

void PlanReader::ReadPerson(const Node& node, Plan* plan) {
  Planned<directory::v1::Person> person;
  ReadResource(node, Kind::kPerson, organization_, {}, &person);
  if (!Has(node, "subject")) {
    person.message.set_subject(IdOf(person.name));
    person.fields.emplace_back("subject");
  }
  plan->people.push_back(std::move(person));
}

void PlanReader::ReadTeam(const Node& node, Plan* plan) {
  Planned<directory::v1::Team> team;
  ReadResource(node, Kind::kTeam, organization_, {}, &team);
  plan->teams.push_back(std::move(team));
}

void PlanReader::ReadCycle(const Node& node, Plan* plan) {
  PlannedCycle cycle;
  ReadResource(node, Kind::kCycle, organization_, {"state"}, &cycle);
  cycle.moves_with_today = IsRelativeDay(Text(node, "start_date"));
  if (Has(node, "state")) {
    // The field is the service's to set; here it says how far the cycle shall be brought.
    const auto* field = directory::v1::Cycle::descriptor()->FindFieldByName("state");
    reader_.ReadField(node["state"], *field, &cycle.message);
    cycle.state = cycle.message.state();
    cycle.message.clear_state();
  }
  plan->cycles.push_back(std::move(cycle));
}

void PlanReader::ReadObjective(const Node& node, Plan* plan) {
  PlannedObjective objective;
  ReadResource(node, Kind::kObjective, organization_,
               {"state", "retired", "alignments", "key_results"}, &objective);
  ReadObjectiveState(node, &objective);
  ReadAlignments(node, &objective);
  ForEach(node["key_results"], "key_results",
          [&](const Node& item) { ReadKeyResult(item, &objective); });
  plan->objectives.push_back(std::move(objective));
}

void PlanReader::ReadAlignments(const Node& node, PlannedObjective* objective) {
  if (!Has(node, "alignments")) return;
  goals::v1::Objective scratch;
  reader_.ReadField(node["alignments"], *scratch.GetDescriptor()->FindFieldByName("alignments"),
                    &scratch);
  objective->alignments.assign(scratch.alignments().begin(), scratch.alignments().end());
}

void PlanReader::ReadObjectiveState(const Node& node, PlannedObjective* objective) {
  objective->retirement = ReadRetirement(node);
  const std::string state = absl::AsciiStrToUpper(Text(node, "state"));
  objective->draft = state == "DRAFT";
  if (!state.empty() && state != "DRAFT" && state != "ACTIVE") {
    reader_.Fail(node["state"],
                 "\"state\" of an objective is DRAFT or ACTIVE; to retire it write retired: "
                 "{reason: …}");
  }
}

std::optional<Retirement> PlanReader::ReadRetirement(const Node& node) {
  if (!Has(node, "retired")) return std::nullopt;
  const Node& retired = node["retired"];
  if (!retired.IsMap()) {
    reader_.Fail(retired, "\"retired\" has keys: {reason: …, superseded_by: …}");
    return std::nullopt;
  }
  CheckKeys(retired, {"reason", "superseded_by"});
  return Retirement{.reason = Text(retired, "reason"),
                    .superseded_by = Name(retired, "superseded_by", Kind::kObjective)};
}

void PlanReader::ReadKeyResult(const Node& node, PlannedObjective* objective) {
  PlannedKeyResult key_result;
  ReadResource(node, Kind::kKeyResult, objective->name, {"retired", "check_ins", "grade"},
               &key_result);
  key_result.retirement = ReadRetirement(node);
  ForEach(node["check_ins"], "check_ins",
          [&](const Node& item) { ReadCheckIn(item, &key_result); });
  if (Has(node, "grade")) ReadGrade(node["grade"], &key_result);
  objective->key_results.push_back(std::move(key_result));
}

void PlanReader::ReadCheckIn(const Node& node, PlannedKeyResult* key_result) {
  PlannedCheckIn check_in;
  reader_.Read(node, {"id", "on", "by", "corrects"}, &check_in.message);
  check_in.by = Name(node, "by", Kind::kPerson);
  if (Has(node, "on")) {
    const auto time = ParseTime(Text(node, "on"), moment_);
    if (!time.ok()) reader_.Fail(node["on"], time.status().message());
    if (time.ok())
      check_in.message.mutable_effective_time()->set_seconds(absl::ToUnixSeconds(*time));
  } else if (!Has(node, "corrects") && !Has(node, "effective_time")) {
    reader_.Fail(node, "this check-in needs its day: on: -7d");
  }
  if (Has(node, "corrects")) {
    check_in.message.set_corrects(
        absl::StrCat(key_result->name, "/checkIns/", Text(node, "corrects")));
  }
  check_in.name = absl::StrCat(key_result->name, "/checkIns/", CheckInId(node, check_in.message));
  if (!names_.insert(check_in.name).second) {
    reader_.Fail(node, "there are two check-ins of this id or day: give one an \"id\"");
  }
  key_result->check_ins.push_back(std::move(check_in));
}

// Of the day, so that the id stays when others are added before.
std::string PlanReader::CheckInId(const Node& node, const checkins::v1::CheckIn& check_in) {
  if (Has(node, "id")) return Text(node, "id");
  if (!check_in.corrects().empty()) return absl::StrCat(IdOf(check_in.corrects()), "-corrected");
  const absl::Time time = absl::FromUnixSeconds(check_in.effective_time().seconds());
  return absl::FormatTime("day-%Y-%m-%d", time, moment_.zone);
}

void PlanReader::ReadGrade(const Node& node, PlannedKeyResult* key_result) {
  PlannedGrade grade;
  reader_.Read(node, {"by"}, &grade.message);
  if (node.IsMap()) grade.by = Name(node, "by", Kind::kPerson);
  key_result->grade = std::move(grade);
}

// The organization of the file, if it names one.
std::string OrganizationOf(const Node& root, absl::string_view otherwise) {
  if (Has(root, "organization") && Has(root["organization"], "id") &&
      root["organization"]["id"].IsScalar()) {
    return absl::StrCat("organizations/", root["organization"]["id"].Scalar());
  }
  return std::string(otherwise);
}

}  // namespace

Plan ReadPlan(const Node& root, absl::string_view organization, const Moment& moment,
              SourceErrors* errors) {
  return PlanReader(OrganizationOf(root, organization), moment, errors).Read(root);
}

size_t CountKeyResults(const Plan& plan) {
  size_t count = 0;
  for (const PlannedObjective& objective : plan.objectives) count += objective.key_results.size();
  return count;
}

size_t CountCheckIns(const Plan& plan) {
  size_t count = 0;
  for (const PlannedObjective& objective : plan.objectives) {
    for (const PlannedKeyResult& key_result : objective.key_results) {
      count += key_result.check_ins.size();
    }
  }
  return count;
}

}  // namespace okr::cli
