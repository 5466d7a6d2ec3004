// The commands of okrctl, one function for each group. `session` must outlive `app`.
#pragma once

#include "cli/app/session.h"

namespace CLI {
class App;
}  // namespace CLI

namespace okr::cli {

void AddConfigCommands(CLI::App& app, Session& session);     // config, version
void AddHealthCommand(CLI::App& app, Session& session);      // health
void AddAuthCommands(CLI::App& app, Session& session);       // auth
void AddAdminCommands(CLI::App& app, Session& session);      // admin
void AddResourceCommands(CLI::App& app, Session& session);   // create, get, list, update, delete
void AddCycleCommands(CLI::App& app, Session& session);      // cycle
void AddObjectiveCommands(CLI::App& app, Session& session);  // objective, key-result
void AddApplyCommand(CLI::App& app, Session& session);       // apply
void AddCheckInCommands(CLI::App& app, Session& session);    // checkin, checkins, due
void AddTreeCommand(CLI::App& app, Session& session);        // tree
void AddScoreCommands(CLI::App& app, Session& session);      // score, grade
void AddScorecardCommands(CLI::App& app, Session& session);  // scorecard, report
void AddWatchCommand(CLI::App& app, Session& session);       // watch
void AddInboxCommands(CLI::App& app, Session& session);      // inbox
void AddEventCommands(CLI::App& app, Session& session);      // events
void AddCompletionCommand(CLI::App& app, Session& session);  // completion

}  // namespace okr::cli
