// The commands of okrctl, one function for each group. `session` must outlive the command line.
#pragma once

#include "cli/app/command.h"
#include "cli/app/session.h"

namespace okr::cli {

void AddConfigCommands(Command app, Session& session);     // config, version
void AddHealthCommand(Command app, Session& session);      // health
void AddAuthCommands(Command app, Session& session);       // auth
void AddAdminCommands(Command app, Session& session);      // admin
void AddResourceCommands(Command app, Session& session);   // create, get, list, update, delete
void AddCycleCommands(Command app, Session& session);      // cycle
void AddObjectiveCommands(Command app, Session& session);  // objective, key-result
void AddApplyCommand(Command app, Session& session);       // apply
void AddCheckInCommands(Command app, Session& session);    // checkin, checkins, due
void AddTreeCommand(Command app, Session& session);        // tree
void AddScoreCommands(Command app, Session& session);      // score, grade
void AddScorecardCommands(Command app, Session& session);  // scorecard, report
void AddWatchCommand(Command app, Session& session);       // watch
void AddInboxCommands(Command app, Session& session);      // inbox
void AddEventCommands(Command app, Session& session);      // events
void AddCompletionCommand(CommandLine& line, Session& session);  // completion

}  // namespace okr::cli
