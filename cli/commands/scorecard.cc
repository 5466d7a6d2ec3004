#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/commands/commands.h"
#include "cli/commands/current_cycle.h"
#include "cli/render/status.h"
#include "common/status/macros.h"
#include "okr/scoring/v1/scoring_service.pb.h"

namespace okr::cli {
namespace {

using scoring::v1::Aggregate;

std::string Number(bool there, double value) {
  return ScoreText(there ? std::optional<double>(value) : std::nullopt);
}

std::string ScoreWord(const Aggregate& aggregate) {
  if (aggregate.withheld()) return "withheld";
  return Number(aggregate.has_mean_score(), aggregate.mean_score());
}
std::string ProgressWord(const Aggregate& aggregate) {
  if (aggregate.withheld()) return "withheld";
  return PercentText(aggregate.has_mean_progress()
                         ? std::optional<double>(aggregate.mean_progress())
                         : std::nullopt);
}

std::string ObjectivesText(const Aggregate& a) {
  std::string text = absl::StrCat(a.objective_count(), ", ", a.scored_count(), " with a score");
  if (a.retired_count() > 0) absl::StrAppend(&text, ", ", a.retired_count(), " retired beside");
  if (a.incomplete_count() > 0) absl::StrAppend(&text, ", ", a.incomplete_count(), " incomplete");
  return text;
}

template <typename Counts, typename ToWord>
std::string CountsText(const Counts& counts, const ToWord& word) {
  return absl::StrJoin(counts, ", ", [&](std::string* out, const auto& count) {
    absl::StrAppend(out, count.count(), " ", word(count));
  });
}

void ShowAggregate(absl::string_view heading, const Aggregate& a, Session& session) {
  session.out() << Paint(heading, Colour::kBold, session.colours()) << "\n";
  Table table({"", ""}, 160);
  table.Add({"objectives", ObjectivesText(a)});
  if (a.withheld()) {
    table.Add({"numbers", Cell("withheld", Colour::kYellow)});
    table.Add({"why", a.withheld_reason()});
    session.ShowTable(table, "");
    return;
  }
  table.Add(
      {"mean score", absl::StrCat(ScoreWord(a), " (",
                                  Word(*scoring::v1::ScoreState_descriptor(), a.state()), ")")});
  table.Add({"mean progress", ProgressWord(a)});
  table.Add({"bands", CountsText(a.bands(), [](const auto& count) {
               return Word(*scoring::v1::Band_descriptor(), count.band());
             })});
  table.Add({"status", CountsText(a.status_counts(),
                                  [](const auto& count) { return StatusWord(count.status()); })});
  table.Add({"verdict", Word(*scoring::v1::Verdict_descriptor(), a.verdict())});
  if (a.missed_promises_size() > 0) {
    table.Add({"missed promises", Cell(absl::StrJoin(a.missed_promises(), ", ",
                                                     [](std::string* out, const std::string& name) {
                                                       absl::StrAppend(out, ShortName(name));
                                                     }),
                                       Colour::kRed)});
  }
  session.ShowTable(table, "");
}

void ShowObjectives(const scoring::v1::TeamScorecard& card, Session& session) {
  Table table({"objective", "progress", "status", "score", "band"});
  for (const auto& objective : card.objectives()) {
    table.Add({ShortName(objective.objective()), PercentText(ProgressOf(objective)),
               StatusCell(objective.status()), ScoreText(ScoreOf(objective)),
               Word(*scoring::v1::Band_descriptor(), objective.band())});
  }
  session.out() << "\n";
  session.ShowTable(table, "no objectives that you may see");
}

struct ScorecardArgs {
  std::string team;
  std::string cycle;
  bool include_sub_teams = false;
};

absl::Status RunScorecard(const ScorecardArgs& args, Session& session) {
  scoring::v1::GetTeamScorecardRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_team(), session.Name(args.team, Kind::kTeam));
  OKR_ASSIGN_OR_RETURN(*request.mutable_cycle(), CycleOrCurrent(args.cycle, session));
  request.set_include_sub_teams(args.include_sub_teams);
  OKR_ASSIGN_OR_RETURN(const auto card, session.client().Call<scoring::v1::TeamScorecard>(request));
  if (session.ShowDocument(card)) return absl::OkStatus();
  ShowAggregate(absl::StrCat(ShortName(card.team()), " in ", ShortName(card.cycle()),
                             ": objectives of the team itself"),
                card.own(), session);
  if (card.has_including_sub_teams()) {
    session.out() << "\n";
    ShowAggregate("with its sub-teams and the people in them", card.including_sub_teams(), session);
  }
  ShowObjectives(card, session);
  return absl::OkStatus();
}

struct ReportArgs {
  std::string cycle;
  bool require_final = false;
};

absl::Status RunReport(const ReportArgs& args, Session& session) {
  scoring::v1::GetCycleReportRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_cycle(), CycleOrCurrent(args.cycle, session));
  request.set_require_final(args.require_final);
  OKR_ASSIGN_OR_RETURN(const auto report, session.client().Call<scoring::v1::CycleReport>(request));
  if (session.ShowDocument(report)) return absl::OkStatus();
  ShowAggregate(absl::StrCat(ShortName(report.cycle()), ", the whole organization",
                             report.final() ? "" : " (scores may still change)"),
                report.organization(), session);
  Table table({"team", "objectives", "mean progress", "mean score", "status"});
  for (const auto& team : report.teams()) {
    table.Add({ShortName(team.team()), absl::StrCat(team.own().objective_count()),
               ProgressWord(team.own()), ScoreWord(team.own()),
               CountsText(team.own().status_counts(),
                          [](const auto& count) { return StatusWord(count.status()); })});
  }
  session.out() << "\n";
  session.ShowTable(table, "no team owns an objective in it");
  return absl::OkStatus();
}

}  // namespace

void AddScorecardCommands(Command app, Session& session) {
  Command scorecard = app.Add("scorecard", "How a team does in a cycle");
  auto args = std::make_shared<ScorecardArgs>();
  scorecard.Take("team", &args->team, "Its name or id").Required();
  scorecard.Take("--cycle", &args->cycle, "The cycle; the one that is active if not given");
  scorecard.Switch("--include-sub-teams", &args->include_sub_teams,
                   "Also over its sub-teams and the people in them");
  session.OnRun(scorecard, [args, &session] { return RunScorecard(*args, session); });

  Command report = app.Add("report", "How the organization does in a cycle");
  auto report_args = std::make_shared<ReportArgs>();
  report.Take("--cycle,cycle", &report_args->cycle,
              "The cycle; the one that is active if not given");
  report.Switch("--require-final", &report_args->require_final,
                "Fail while scores may still change");
  session.OnRun(report, [report_args, &session] { return RunReport(*report_args, session); });
}

}  // namespace okr::cli
