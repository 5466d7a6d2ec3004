#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/render/status.h"
#include "common/status/macros.h"
#include "okr/directory/v1/directory_service.pb.h"

namespace okr::cli {
namespace {

template <typename Request>
void AddStep(Command cycle, const char* name, const char* about, Session& session) {
  Command command = cycle.Add(name, about);
  auto text = std::make_shared<std::string>();
  command.Take("cycle", text.get(), "Its name or id").Required();
  session.OnRun(command, [text, &session]() -> absl::Status {
    Request request;
    OKR_ASSIGN_OR_RETURN(*request.mutable_name(), session.Name(*text, Kind::kCycle));
    OKR_ASSIGN_OR_RETURN(const auto changed, session.client().Call<directory::v1::Cycle>(request));
    if (!session.ShowDocument(changed)) {
      session.Say(absl::StrCat(changed.display_name(), " (", ShortName(changed.name()), ") is ",
                               Word(*directory::v1::CycleState_descriptor(), changed.state())));
    }
    return absl::OkStatus();
  });
}

}  // namespace

void AddCycleCommands(Command app, Session& session) {
  Command cycle = app.Add("cycle", "Bring a cycle to its next state");
  cycle.NeedsOne();
  AddStep<directory::v1::ActivateCycleRequest>(cycle, "activate",
                                               "Draft to active: check-ins count", session);
  AddStep<directory::v1::OpenCycleGradingRequest>(
      cycle, "open-grading", "Active to grading: no more check-ins, owners grade", session);
  AddStep<directory::v1::CloseCycleRequest>(cycle, "close",
                                            "Grading to closed: scores become final", session);
}

}  // namespace okr::cli
