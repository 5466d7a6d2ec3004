// The tables of the scoring service, each row a message (../migrations says which).
#pragma once

#include "common/access/access.h"
#include "common/store/table.h"
#include "okr/scoring/v1/resources.pb.h"
#include "services/scoring/store/stored.pb.h"

namespace okr::scoring::tables {

// The lock of an organization's scores (a row named ""), before everything else in the order of
// locking: who computes scores looks for it first.
struct Book {};
const store::Table<Book>& Books();

// By the relative name of the key result.
const store::Table<stored::Measurements>& Measurements();
const store::Table<v1::Grade>& Grades();
const store::Table<v1::KeyResultScore>& KeyResultScores();

// By the relative name of the objective.
const store::Table<stored::ObjectiveParts>& ObjectiveParts();
// Index column "cycle": the relative name of the cycle.
const store::Table<v1::ObjectiveScore>& ObjectiveScores();

// By the relative name of the cycle.
const store::Table<stored::CycleState>& CycleStates();

}  // namespace okr::scoring::tables
