// Every row of tests/cases/scoring_*, as a person worked it out by hand.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "services/scoring/domain/aggregate.h"
#include "services/scoring/domain/objective.h"
#include "services/scoring/domain/recompute_for_test.h"

namespace okr::scoring {
namespace {

using testing::ExpectRecomputes;
using Row = std::map<std::string, std::string>;

constexpr double kTolerance = 1e-12;
const Window kWindow{absl::FromUnixSeconds(1000), absl::FromUnixSeconds(2000)};

std::vector<Row> ReadCsv(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> header = absl::StrSplit(line, ',');
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    // The last column is a sentence that may hold commas.
    const std::vector<std::string> cells =
        absl::StrSplit(line, absl::MaxSplits(',', static_cast<int>(header.size()) - 1));
    Row& row = rows.emplace_back();
    for (size_t i = 0; i < cells.size(); ++i) row[header[i]] = cells[i];
  }
  return rows;
}

std::optional<double> Number(const std::string& cell) {
  double value = 0;
  if (!absl::SimpleAtod(cell, &value)) return std::nullopt;
  return value;
}

Commitment ParseCommitment(const std::string& name) {
  if (name == "COMMITTED") return Commitment::kCommitted;
  return name == "LEARNING" ? Commitment::kLearning : Commitment::kAspirational;
}

// "1:done;2:open" as milestones and, of those that are done, a measurement.
Milestones ParseMilestones(const std::string& cell, Measurement& measurement) {
  Milestones measure;
  measurement.milestones_done.emplace();
  for (const absl::string_view text : absl::StrSplit(cell, ';')) {
    const std::vector<std::string> pair = absl::StrSplit(text, ':');
    const std::string id = "m" + std::to_string(measure.milestones.size());
    measure.milestones.push_back({id, Number(pair.at(0)).value()});
    if (pair.at(1) == "done") measurement.milestones_done->push_back(id);
  }
  return measure;
}

Measure ParseMeasure(Row& row, Measurement& measurement) {
  if (row["kind"] == "METRIC") return Metric{Number(row["baseline"]), Number(row["target"])};
  if (row["kind"] == "MAINTAIN") return Maintain{Number(row["lower"]), Number(row["upper"])};
  return ParseMilestones(row["milestones"], measurement);
}

void CheckRow(Row& row) {
  Measurement measurement{.check_in = "c1",
                          .effective_time = absl::FromUnixSeconds(1500),
                          .create_time = absl::FromUnixSeconds(1500),
                          .value = Number(row["value"])};
  const KeyResult key_result{.name = "k1", .measure = ParseMeasure(row, measurement)};
  ASSERT_TRUE(ValidateMeasure(key_result.measure).ok());
  const KeyResultProgress progress =
      ComputeProgress(DefaultPolicy(), key_result, {measurement}, kWindow);
  EXPECT_NEAR(progress.progress.value(), Number(row["progress"]).value(), kTolerance);
  const std::optional<double> raw = Number(row["raw_progress"]);
  ASSERT_EQ(progress.raw.has_value(), raw.has_value());
  EXPECT_NEAR(progress.raw.value_or(0), raw.value_or(0), kTolerance);
  const KeyResultScore score =
      ComputeScore(DefaultPolicy(), key_result, ParseCommitment(row["commitment"]), progress,
                   std::nullopt, ScoreState::kFinal);
  EXPECT_NEAR(score.score.value().value(), Number(row["score"]).value(), kTolerance);
  ExpectRecomputes(progress.explanation);
  ExpectRecomputes(score.explanation);
}

TEST(CaseFiles, EveryKeyResultHasTheNumbersWorkedOutByHand) {
  std::vector<Row> rows = ReadCsv("tests/cases/scoring_key_results.csv");
  EXPECT_GE(rows.size(), 18u);
  for (Row& row : rows) {
    SCOPED_TRACE(row["case"]);
    CheckRow(row);
  }
}

double WeightOf(const YAML::Node& node) { return node["weight"] ? node["weight"].as<double>() : 1; }

// A key result as a case writes it: by its score, its progress or whether it is done.
KeyResultPart ParseKeyResult(const YAML::Node& node, Commitment objective,
                             const std::string& name) {
  KeyResult key_result{.name = name, .weight = Weight::Make("weight", WeightOf(node)).value()};
  if (node["commitment"])
    key_result.commitment = ParseCommitment(node["commitment"].as<std::string>());
  KeyResultProgress progress;
  progress.done = node["done"] && node["done"].as<bool>();
  double value = progress.done ? 1.0 : 0.0;
  for (const char* field : {"score", "progress"}) {
    if (node[field]) value = node[field].as<double>();
  }
  progress.progress = Progress::Make("progress", value).value();
  std::optional<Grade> grade;
  if (node["grade"]) {
    grade = Grade{.reason = "as the case says"};
    grade->not_applicable = node["grade"].as<std::string>() == "NOT_APPLICABLE";
    if (!grade->not_applicable)
      grade->value = Score::Make("grade", node["grade"].as<double>()).value();
  }
  return {name, key_result.weight, progress.progress,
          ComputeScore(DefaultPolicy(), key_result, EffectiveCommitment(key_result, objective),
                       progress, grade, ScoreState::kFinal)};
}

std::vector<KeyResultPart> ParseKeyResults(const YAML::Node& node) {
  std::vector<KeyResultPart> parts;
  for (const YAML::Node& part : node["key_results"]) {
    parts.push_back(ParseKeyResult(part, ParseCommitment(node["commitment"].as<std::string>()),
                                   "k" + std::to_string(parts.size())));
  }
  return parts;
}

void ExpectScore(const YAML::Node& node, const std::vector<KeyResultPart>& parts) {
  const ObjectiveScore objective = ComputeObjectiveScore(
      DefaultPolicy(), "o1", ParseCommitment(node["commitment"].as<std::string>()), parts,
      ScoreState::kFinal);
  ExpectRecomputes(objective.explanation);
  EXPECT_EQ(objective.incomplete, node["incomplete"] && node["incomplete"].as<bool>());
  if (node["score"].IsNull()) {
    EXPECT_FALSE(objective.score);
    return;
  }
  EXPECT_NEAR(objective.score.value().value(), node["score"].as<double>(), kTolerance);
  EXPECT_EQ(Name(objective.band.value()), node["band"].as<std::string>());
}

void CheckScore(const YAML::Node& node) {
  std::vector<KeyResultPart> parts = ParseKeyResults(node);
  ExpectScore(node, parts);
  if (!node["any_order"]) return;
  std::vector<size_t> ids(parts.size());
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = i;
  do {
    for (size_t i = 0; i < ids.size(); ++i) parts[i].name = "k" + std::to_string(ids[i]);
    ExpectScore(node, parts);
  } while (std::next_permutation(ids.begin(), ids.end()));
}

void CheckProgress(const YAML::Node& node) {
  std::vector<AlignedPart> aligned;
  for (const YAML::Node& part : node["aligned"]) {
    AlignedPart& objective = aligned.emplace_back();
    objective.name = "o" + std::to_string(aligned.size());
    objective.weight = Weight::Make("weight", WeightOf(part)).value();
    if (!part["progress"].IsNull()) {
      objective.progress = Progress::Make("progress", part["progress"].as<double>()).value();
    }
  }
  const bool rolls_up = node["roll_up"] && node["roll_up"].as<std::string>() == "INCLUDE_ALIGNED";
  const ObjectiveProgress objective = ComputeObjectiveProgress(
      DefaultPolicy(), "o1", ParseKeyResults(node),
      rolls_up ? RollUp::kIncludeAligned : RollUp::kOwnKeyResults, aligned);
  ExpectRecomputes(objective.explanation);
  EXPECT_NEAR(objective.progress.value().value(), node["progress"].as<double>(), kTolerance);
}

void CheckVerdict(const YAML::Node& node) {
  std::vector<ScoredObjective> objectives;
  for (const YAML::Node& score : node["objective_scores"]) {
    objectives.push_back({.name = "o" + std::to_string(objectives.size()),
                          .score = Score::Make("score", score.as<double>()).value(),
                          .state = ScoreState::kFinal});
  }
  const Aggregate aggregate = ComputeAggregate(DefaultPolicy(), "t1", objectives);
  ExpectRecomputes(aggregate.verdict_explanation);
  ASSERT_EQ(aggregate.verdict.has_value(), !node["verdict"].IsNull());
  if (aggregate.verdict) {
    EXPECT_EQ(Name(*aggregate.verdict), node["verdict"].as<std::string>());
  }
}

TEST(CaseFiles, EveryRollUpHasTheNumbersWorkedOutByHand) {
  const YAML::Node cases = YAML::LoadFile("tests/cases/scoring_rollups.yaml");
  EXPECT_GE(cases.size(), 18u);
  for (const YAML::Node& node : cases) {
    SCOPED_TRACE(node["case"].as<std::string>());
    if (node["objective_scores"]) CheckVerdict(node);
    if (node["key_results"] && node["score"]) CheckScore(node);
    if (node["progress"]) CheckProgress(node);
  }
}

}  // namespace
}  // namespace okr::scoring
