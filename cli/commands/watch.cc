#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/render/fields.h"
#include "cli/render/status.h"
#include "common/status/macros.h"
#include "okr/scoring/v1/scoring_service.pb.h"

namespace okr::cli {
namespace {

template <typename Score>
std::string Line(const std::string& name, const Score& score, bool colours) {
  return absl::StrCat(TimeText(score.update_time().seconds()), "  ", ShortName(name), "  ",
                      PercentText(ProgressOf(score)), "  ",
                      Paint(StatusWord(score.status()), StatusColour(score.status()), colours),
                      "  score ", ScoreText(ScoreOf(score)), "\n");
}

void ShowChange(const scoring::v1::WatchScoresResponse& change, Session& session) {
  if (change.change_case() == scoring::v1::WatchScoresResponse::CHANGE_NOT_SET) return;
  if (session.format() != Format::kTable) {
    session.out() << RenderStreamItem(change, session.format());
  } else if (change.has_key_result_score()) {
    const auto& score = change.key_result_score();
    session.out() << Line(score.key_result(), score, session.colours());
  } else {
    const auto& score = change.objective_score();
    session.out() << Line(score.objective(), score, session.colours());
  }
  session.out().flush();
}

struct WatchArgs {
  std::vector<std::string> objectives;
  int count = 0;
};

absl::Status RunWatch(const WatchArgs& args, Session& session) {
  scoring::v1::WatchScoresRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_parent(), session.Organization());
  for (const std::string& text : args.objectives) {
    OKR_ASSIGN_OR_RETURN(*request.add_objectives(), session.Name(text, Kind::kObjective));
  }
  scoring::v1::WatchScoresResponse change;
  int shown = 0;
  bool done = false;
  while (true) {
    bool progressed = false;
    const absl::Status status = session.client().Stream(request, &change, [&] {
      progressed = true;
      request.set_resume_token(change.resume_token());
      ShowChange(change, session);
      if (change.change_case() != scoring::v1::WatchScoresResponse::CHANGE_NOT_SET) ++shown;
      done = args.count > 0 && shown >= args.count;
      return !done;
    });
    if (done) return absl::OkStatus();
    // A stream that gave something and then broke goes on where it was.
    if (!progressed || (!status.ok() && !absl::IsUnavailable(status))) return status;
  }
}

}  // namespace

void AddWatchCommand(Command app, Session& session) {
  Command watch = app.Add("watch", "Show scores as they change, until interrupted");
  auto args = std::make_shared<WatchArgs>();
  watch.TakeAll("--objective", &args->objectives, "Only this one; several times for several");
  watch.Take("--count", &args->count, "Stop after so many changes").NotNegative();
  session.OnRun(watch, [args, &session] { return RunWatch(*args, session); });
}

}  // namespace okr::cli
