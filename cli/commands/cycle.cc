#include <CLI/CLI.hpp>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/render/status.h"
#include "common/status/macros.h"
#include "okr/directory/v1/directory_service.pb.h"

namespace okr::cli {
namespace {

template <typename Request>
void AddStep(CLI::App* cycle, const char* name, const char* about, Session& session) {
  CLI::App* command = cycle->add_subcommand(name, about);
  auto text = std::make_shared<std::string>();
  command->add_option("cycle", *text, "Its name or id")->required();
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

void AddCycleCommands(CLI::App& app, Session& session) {
  CLI::App* cycle = app.add_subcommand("cycle", "Bring a cycle to its next state");
  cycle->require_subcommand(1);
  AddStep<directory::v1::ActivateCycleRequest>(cycle, "activate",
                                               "Draft to active: check-ins count", session);
  AddStep<directory::v1::OpenCycleGradingRequest>(
      cycle, "open-grading", "Active to grading: no more check-ins, owners grade", session);
  AddStep<directory::v1::CloseCycleRequest>(cycle, "close",
                                            "Grading to closed: scores become final", session);
}

}  // namespace okr::cli
