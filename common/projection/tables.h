// What goals and its directory own, as the other services read it inside a View. These tables are
// never written by a command: a consumer fills them (common/events/projection.h). Deleted teams,
// objectives and key results stay, with their delete time.
#pragma once

#include "common/access/access.h"
#include "common/resources/resources.h"
#include "common/store/table.h"

namespace okr::projection {

// Row name "".
const store::Table<Organization>& Organizations();
// Index column "lookup": the token subject.
const store::Table<Person>& People();
const store::Table<Team>& Teams();
// Locked in share mode: a cycle that was seen ACTIVE stays so until the transaction has ended, so
// that nothing is accepted behind the seal of the cycle.
const store::Table<Cycle>& Cycles();
// Index column "cycle": the relative name of the cycle.
const store::Table<Objective>& Objectives();
const store::Table<KeyResult>& KeyResults();

// People and Teams.
const access::Directory& Directory();

}  // namespace okr::projection
