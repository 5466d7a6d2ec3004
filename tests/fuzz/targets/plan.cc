#include "cli/plan/plan.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/plan/difference.h"
#include "cli/resources/message_reader.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

using google::protobuf::Message;

struct Outcome {
  cli::Plan plan;
  cli::SourceErrors errors;
};

Outcome Read(absl::string_view text) {
  const cli::Moment moment{.now = absl::FromUnixSeconds(1'767'225'600),
                           .today = absl::CivilDay(2026, 1, 1),
                           .zone = absl::UTCTimeZone()};
  Outcome outcome;
  const YAML::Node root = cli::ParseYaml(std::string(text), &outcome.errors);
  if (outcome.errors.empty()) {
    outcome.plan = cli::ReadPlan(root, "organizations/acme", moment, &outcome.errors);
  }
  return outcome;
}

// As it would go over the wire, in a request that the service can read.
void CheckMessage(const Message& message) {
  const std::string bytes = message.SerializeAsString();
  const std::unique_ptr<Message> again(message.New());
  OKR_FUZZ_CHECK(again->ParseFromString(bytes), message.ShortDebugString());
  OKR_FUZZ_CHECK(cli::Contains(*again, message), message.ShortDebugString());
}

template <typename Message>
void CheckPlanned(const cli::Planned<Message>& planned, const cli::Plan& plan) {
  OKR_FUZZ_CHECK(absl::StartsWith(planned.name, plan.organization.name), planned.name);
  OKR_FUZZ_CHECK(planned.message.name() == planned.name, planned.name);
  for (const std::string& field : planned.fields) {
    OKR_FUZZ_CHECK(Message::descriptor()->FindFieldByName(field) != nullptr, field);
  }
  CheckMessage(planned.message);
}

void CheckKeyResult(const cli::PlannedKeyResult& key_result, const cli::Plan& plan) {
  CheckPlanned(key_result, plan);
  for (const cli::PlannedCheckIn& check_in : key_result.check_ins) {
    OKR_FUZZ_CHECK(absl::StartsWith(check_in.name, key_result.name), check_in.name);
    const google::protobuf::Timestamp& time = check_in.message.effective_time();
    OKR_FUZZ_CHECK(time.nanos() >= 0 && time.nanos() < 1'000'000'000, time.ShortDebugString());
    CheckMessage(check_in.message);
  }
  if (key_result.grade) CheckMessage(key_result.grade->message);
}

void CheckPlan(const cli::Plan& plan) {
  OKR_FUZZ_CHECK(absl::StartsWith(plan.organization.name, "organizations/"),
                 plan.organization.name);
  CheckPlanned(plan.organization, plan);
  for (const auto& person : plan.people) CheckPlanned(person, plan);
  for (const auto& team : plan.teams) CheckPlanned(team, plan);
  for (const auto& cycle : plan.cycles) CheckPlanned(cycle, plan);
  size_t key_results = 0;
  for (const cli::PlannedObjective& objective : plan.objectives) {
    CheckPlanned(objective, plan);
    for (const auto& key_result : objective.key_results) CheckKeyResult(key_result, plan);
    key_results += objective.key_results.size();
  }
  OKR_FUZZ_CHECK(cli::CountKeyResults(plan) == key_results, "");
}

void CheckErrors(const cli::SourceErrors& errors) {
  for (const cli::SourceError& error : errors.all()) {
    OKR_FUZZ_CHECK(error.line >= 0 && error.column >= 0 && !error.text.empty(), error.text);
  }
  OKR_FUZZ_CHECK(!errors.ToText("plan.yaml").empty(), "");
}

}  // namespace

void Plan(absl::string_view input) {
  const Outcome outcome = Read(input);
  const Outcome again = Read(input);
  OKR_FUZZ_CHECK(again.errors.all() == outcome.errors.all(), outcome.errors.ToText("plan.yaml"));
  if (!outcome.errors.empty()) return CheckErrors(outcome.errors);
  CheckPlan(outcome.plan);
}

}  // namespace okr::fuzz
