#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/render/status.h"
#include "common/status/macros.h"
#include "okr/goals/v1/goals_service.pb.h"

namespace okr::cli {
namespace {

using goals::v1::Objective;

struct Args {
  std::string name;
  std::string parent;
  double weight = 0;
  std::string reason;
  std::string superseded_by;
};

absl::Status Finish(const google::protobuf::Message& request, absl::string_view what,
                    Session& session) {
  OKR_ASSIGN_OR_RETURN(const auto changed, session.client().Call<Objective>(request));
  if (!session.ShowDocument(changed)) {
    session.Say(absl::StrCat("\"", changed.title(), "\" (", ShortName(changed.name()), ") ", what));
  }
  return absl::OkStatus();
}

absl::Status Activate(const Args& args, Session& session) {
  goals::v1::ActivateObjectiveRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_name(), session.Name(args.name, Kind::kObjective));
  return Finish(request, "is active", session);
}

absl::Status Retire(const Args& args, Session& session) {
  goals::v1::RetireObjectiveRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_name(), session.Name(args.name, Kind::kObjective));
  request.set_reason(args.reason);
  if (!args.superseded_by.empty()) {
    OKR_ASSIGN_OR_RETURN(*request.mutable_superseded_by(),
                         session.Name(args.superseded_by, Kind::kObjective));
  }
  return Finish(request, "is retired", session);
}

absl::Status Align(const Args& args, Session& session) {
  goals::v1::AlignObjectiveRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_name(), session.Name(args.name, Kind::kObjective));
  OKR_ASSIGN_OR_RETURN(*request.mutable_alignment()->mutable_parent(),
                       session.Name(args.parent, {Kind::kObjective, Kind::kKeyResult}));
  if (args.weight != 0) request.mutable_alignment()->set_weight(args.weight);
  return Finish(request, absl::StrCat("serves ", args.parent), session);
}

absl::Status Unalign(const Args& args, Session& session) {
  goals::v1::UnalignObjectiveRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_name(), session.Name(args.name, Kind::kObjective));
  OKR_ASSIGN_OR_RETURN(*request.mutable_parent(),
                       session.Name(args.parent, {Kind::kObjective, Kind::kKeyResult}));
  return Finish(request, absl::StrCat("no longer serves ", args.parent), session);
}

absl::Status RetireKeyResult(const Args& args, Session& session) {
  goals::v1::RetireKeyResultRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_name(), session.Name(args.name, Kind::kKeyResult));
  request.set_reason(args.reason);
  OKR_ASSIGN_OR_RETURN(const auto changed, session.client().Call<goals::v1::KeyResult>(request));
  if (!session.ShowDocument(changed)) {
    session.Say(
        absl::StrCat("\"", changed.title(), "\" (", ShortName(changed.name()), ") is retired"));
  }
  return absl::OkStatus();
}

using Action = absl::Status (*)(const Args&, Session&);

std::shared_ptr<Args> Register(Command command, const char* what, Action action, Session& session) {
  auto args = std::make_shared<Args>();
  command.Take(what, &args->name, "Its name or id").Required();
  session.OnRun(command, [args, action, &session] { return action(*args, session); });
  return args;
}

}  // namespace

void AddObjectiveCommands(Command app, Session& session) {
  Command objective = app.Add("objective", "Bring an objective to life, align it, retire it");
  objective.NeedsOne();
  Register(objective.Add("activate", "Draft to active"), "objective", Activate, session);

  Command retire = objective.Add("retire", "Give it up; it leaves every mean");
  auto retire_args = Register(retire, "objective", Retire, session);
  retire.Take("--reason", &retire_args->reason, "Why").Required();
  retire.Take("--superseded-by", &retire_args->superseded_by, "The objective that replaces it");

  Command align = objective.Add("align", "Let it serve another one");
  auto align_args = Register(align, "objective", Align, session);
  align.Take("--to,parent", &align_args->parent, "Objective or key result that it serves")
      .Required();
  align.Take("--weight", &align_args->weight, "Weight in the other's progress").Positive();

  Command unalign = objective.Add("unalign", "End an alignment");
  auto unalign_args = Register(unalign, "objective", Unalign, session);
  unalign.Take("--from,parent", &unalign_args->parent, "What it no longer serves").Required();

  Command key_result = app.Add("key-result", "Retire a key result");
  key_result.NeedsOne();
  Command retire_kr = key_result.Add("retire", "Give it up; it leaves every mean");
  auto kr_args = Register(retire_kr, "key-result", RetireKeyResult, session);
  retire_kr.Take("--reason", &kr_args->reason, "Why").Required();
}

}  // namespace okr::cli
