#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/render/errors.h"
#include "cli/render/explanation.h"
#include "cli/render/fields.h"
#include "cli/render/status.h"
#include "cli/text/numbers.h"
#include "common/status/macros.h"
#include "okr/scoring/v1/scoring_service.pb.h"

namespace okr::cli {
namespace {

using scoring::v1::KeyResultScore;
using scoring::v1::ObjectiveScore;

std::optional<double> Optional(bool there, double value) {
  return there ? std::optional<double>(value) : std::nullopt;
}

std::string ScoreLine(const std::optional<double>& score, scoring::v1::ScoreState state,
                      scoring::v1::Band band) {
  if (!score.has_value()) return "-";
  return absl::StrCat(TwoDecimals(*score), ", ", Word(*scoring::v1::Band_descriptor(), band), ", ",
                      Word(*scoring::v1::ScoreState_descriptor(), state));
}

std::string GradeText(const scoring::v1::Grade& grade) {
  std::string text = grade.not_applicable() ? "not applicable" : TwoDecimals(grade.score());
  if (!grade.grader().empty()) absl::StrAppend(&text, ", by ", ShortName(grade.grader()));
  if (!grade.reason().empty()) absl::StrAppend(&text, ": ", grade.reason());
  if (!grade.lesson().empty()) absl::StrAppend(&text, "; learned: ", grade.lesson());
  return text;
}

void ShowKeyResult(const KeyResultScore& score, Session& session) {
  Table table({"", ""}, 160);
  table.Add({"key result", ShortName(score.key_result())});
  table.Add({"progress", PercentText(ProgressOf(score))});
  if (score.has_value()) table.Add({"value", Shortest(score.value())});
  table.Add({"status", StatusCell(score.status())});
  if (score.stated_status() != scoring::v1::STATUS_UNSPECIFIED) {
    table.Add({"as the owner sees it", absl::StrCat(StatusWord(score.stated_status()), ": ",
                                                    score.stated_status_reason())});
  }
  table.Add({"time over", Percent(score.expected())});
  table.Add({"at its pace", PercentText(Optional(score.has_attainment(), score.attainment()))});
  if (score.has_time_in_range()) table.Add({"time in range", Percent(score.time_in_range())});
  table.Add({"confidence", ScoreText(Optional(score.has_confidence(), score.confidence()))});
  table.Add({"score", ScoreLine(ScoreOf(score), score.state(), score.band())});
  if (score.has_grade()) table.Add({"grade", GradeText(score.grade())});
  if (score.has_grade() && score.has_computed_score()) {
    table.Add({"computed score", TwoDecimals(score.computed_score())});
  }
  session.ShowTable(table, "");
}

std::string Counts(const google::protobuf::RepeatedPtrField<scoring::v1::StatusCount>& counts) {
  std::string text;
  for (const auto& count : counts) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", count.count(), " ",
                    StatusWord(count.status()));
  }
  return text;
}

void ShowObjective(const ObjectiveScore& score, Session& session) {
  Table table({"", ""}, 160);
  table.Add({"objective", ShortName(score.objective())});
  table.Add({"progress", PercentText(ProgressOf(score))});
  table.Add({"status", StatusCell(score.status())});
  table.Add({"key results", Counts(score.status_counts())});
  table.Add({"score", ScoreLine(ScoreOf(score), score.state(), score.band())});
  if (score.incomplete()) table.Add({"incomplete", "a learning key result is not graded"});
  if (score.missed_promise()) table.Add({"missed promise", Cell("yes", Colour::kRed)});
  session.ShowTable(table, "");
}

template <typename Score>
std::vector<TreeNode> Explanations(const Score& score) {
  std::vector<TreeNode> trees;
  if (score.has_progress_explanation()) {
    trees.push_back(ExplanationTree("progress", score.progress_explanation()));
  }
  if (score.has_score_explanation()) {
    trees.push_back(ExplanationTree("score", score.score_explanation()));
  }
  return trees;
}

absl::Status RunScore(const std::string& text, bool explain, Session& session) {
  OKR_ASSIGN_OR_RETURN(const std::string name,
                       session.Name(text, {Kind::kObjective, Kind::kKeyResult}));
  std::vector<TreeNode> trees;
  if (absl::StrContains(name, "/keyResults/")) {
    scoring::v1::GetKeyResultScoreRequest request;
    request.set_name(name);
    OKR_ASSIGN_OR_RETURN(const auto score, session.client().Call<KeyResultScore>(request));
    if (session.ShowDocument(score)) return absl::OkStatus();
    ShowKeyResult(score, session);
    trees = Explanations(score);
    if (score.has_status_explanation()) {
      trees.push_back(ExplanationTree("status", score.status_explanation()));
    }
  } else {
    scoring::v1::GetObjectiveScoreRequest request;
    request.set_name(name);
    OKR_ASSIGN_OR_RETURN(const auto score, session.client().Call<ObjectiveScore>(request));
    if (session.ShowDocument(score)) return absl::OkStatus();
    ShowObjective(score, session);
    trees = Explanations(score);
  }
  if (explain) session.out() << "\n" << RenderTree(trees);
  return absl::OkStatus();
}

struct GradeArgs {
  std::string key_result;
  std::optional<double> score;
  bool not_applicable = false;
  std::string reason;
  std::string lesson;
  bool validate_only = false;
};

absl::Status RunGrade(const GradeArgs& args, Session& session) {
  if (args.score.has_value() == args.not_applicable) {
    return UsageError("give either --score or --not-applicable");
  }
  scoring::v1::GradeKeyResultRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_name(), session.Name(args.key_result, Kind::kKeyResult));
  request.set_validate_only(args.validate_only);
  if (args.score.has_value()) request.mutable_grade()->set_score(*args.score);
  if (args.not_applicable) request.mutable_grade()->set_not_applicable(true);
  request.mutable_grade()->set_reason(args.reason);
  request.mutable_grade()->set_lesson(args.lesson);
  OKR_ASSIGN_OR_RETURN(const auto score, session.client().Call<KeyResultScore>(request));
  if (!session.ShowDocument(score)) ShowKeyResult(score, session);
  return absl::OkStatus();
}

}  // namespace

void AddScoreCommands(Command app, Session& session) {
  Command score = app.Add("score", "Progress, status and score, and how they came about");
  auto name = std::make_shared<std::string>();
  auto explain = std::make_shared<bool>(false);
  score.Take("name", name.get(), "OBJECTIVE, or OBJECTIVE/KEY-RESULT").Required();
  score.Switch("--explain", explain.get(), "How each number came about");
  session.OnRun(score, [name, explain, &session] { return RunScore(*name, *explain, session); });

  Command grade = app.Add("grade", "Grade a key result while its cycle is in grading");
  auto args = std::make_shared<GradeArgs>();
  grade.Take("key-result", &args->key_result, "OBJECTIVE/KEY-RESULT").Required();
  grade.Take("--score", &args->score, "0.0 to 1.0; 0 or 1 for a committed one");
  grade.Switch("--not-applicable", &args->not_applicable, "It leaves the means");
  grade.Take("--reason", &args->reason, "Why it differs from the computed score");
  grade.Take("--lesson", &args->lesson, "What was learned");
  grade.Switch("--validate-only", &args->validate_only, "Only check");
  session.OnRun(grade, [args, &session] { return RunGrade(*args, session); });
}

}  // namespace okr::cli
