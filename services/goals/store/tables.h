// The tables of goals and its directory, as a View reads and writes them. Rows are named by
// relative resource names; the organization's own row by "".
//
// Locking: the graph, then people and teams, objectives, key results, and cycles last. Tables named
// ...Seen are of the same rows without a lock, for what may change at any moment: who the caller
// is, and who leads a team.
#pragma once

#include "common/access/access.h"
#include "common/resources/resources.h"
#include "common/store/table.h"
#include "okr/goals/v1/resources.pb.h"

namespace okr::goals::tables {

// One row for each graph that must stay acyclic; it says nothing and is there to be locked.
struct GraphLock {};
inline constexpr absl::string_view kAlignmentGraph = "alignment";
inline constexpr absl::string_view kTeamGraph = "teams";
const store::Table<GraphLock>& GraphLocks();

const store::Table<Organization>& Organizations();
// Index column "lookup": the token subject.
const store::Table<Person>& People();
const store::Table<Person>& PeopleSeen();
// Index columns "parent", "deleted".
const store::Table<Team>& Teams();
const store::Table<Team>& TeamsSeen();
// Index column "parent".
const store::Table<Cycle>& Cycles();
// Index columns "cycle", "owner", "state", "deleted".
const store::Table<Objective>& Objectives();
// Index columns "objective", "cycle", "owner", "deleted".
const store::Table<KeyResult>& KeyResults();

// What scoring last said, by the name of an objective or key result. Never written by a command.
const store::Table<v1::ScoreSummary>& ScoreSummaries();

// For common/access.
const access::Directory& DirectorySeen();

}  // namespace okr::goals::tables
