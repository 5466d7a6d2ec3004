#!/usr/bin/env bash
# The suite from grpcurl by server reflection, without our proto files; run by tests/contract/with_suite.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
GRPCURL="${OKR_TEST_GRPCURL:-$ROOT/.cache/bin/grpcurl}"
FAILED=0

# grpc ADDRESS [ARGUMENTS...]: as the administrator.
grpc() { "$GRPCURL" -plaintext -max-time 20 -H "authorization: Bearer $OKR_TOKEN" "$@"; }

# expect TITLE WANTED COMMAND...: the command succeeds, and its output holds WANTED.
expect() {
  local title=$1 wanted=$2 output
  shift 2
  if output="$("$@" 2>&1)" && [[ $output == *"$wanted"* ]]; then
    printf 'ok      %s\n' "$title"
  else
    printf 'FAILED  %s: wanted "%s", got:\n%s\n' "$title" "$wanted" "$output"
    FAILED=$((FAILED + 1))
  fi
}

# refuse TITLE REASON COMMAND...: the command fails, and names the reason.
refuse() {
  local title=$1 reason=$2 output code=0
  shift 2
  output="$("$@" 2>&1)" || code=$?
  if [[ $code -ne 0 && $output == *"$reason"* ]]; then
    printf 'ok      %s\n' "$title"
  else
    printf 'FAILED  %s: wanted "%s", got exit code %s:\n%s\n' "$title" "$reason" "$code" "$output"
    FAILED=$((FAILED + 1))
  fi
}

day() { date -u -d "today $1 days" '+{"year":%-Y,"month":%-m,"day":%-d}'; }

reflection() {
  local service
  expect "goals lists its services" okr.goals.v1.GoalsService grpc "$OKR_GOALS" list
  expect "checkins lists its services" okr.checkins.v1.CheckinsService grpc "$OKR_CHECKINS" list
  expect "scoring lists its services" okr.scoring.v1.ScoringService grpc "$OKR_SCORING" list
  expect "notifications lists its services" okr.notifications.v1.NotificationsService grpc "$OKR_NOTIFICATIONS" list
  expect "a method is described" ".okr.goals.v1.Objective" grpc "$OKR_GOALS" describe okr.goals.v1.GoalsService.GetObjective
  for service in "$OKR_GOALS" "$OKR_CHECKINS" "$OKR_SCORING" "$OKR_NOTIFICATIONS"; do
    expect "$service is healthy" SERVING grpc "$service" grpc.health.v1.Health/Check
  done
}

one_key_result() {
  local parent="organizations/$OKR_ORGANIZATION" objective
  objective="$parent/objectives/grpcurl-objective"
  expect "a cycle is created" DRAFT grpc -d "{\"parent\":\"$parent\",\"cycleId\":\"grpcurl-cycle\",\"cycle\":{
    \"displayName\":\"grpcurl\",\"startDate\":$(day -30),\"endDate\":$(day +60)}}" \
    "$OKR_GOALS" okr.directory.v1.DirectoryService/CreateCycle
  expect "the cycle is activated" ACTIVE grpc -d "{\"name\":\"$parent/cycles/grpcurl-cycle\"}" \
    "$OKR_GOALS" okr.directory.v1.DirectoryService/ActivateCycle
  expect "an objective is created" "$objective" grpc -d "{\"parent\":\"$parent\",\"objectiveId\":\"grpcurl-objective\",
    \"objective\":{\"title\":\"Reach it from a shell\",\"owner\":\"$parent/people/admin\",\"cycle\":\"$parent/cycles/grpcurl-cycle\"}}" \
    "$OKR_GOALS" okr.goals.v1.GoalsService/CreateObjective
  expect "a key result is created" keyResults/answers grpc -d "{\"parent\":\"$objective\",\"keyResultId\":\"answers\",
    \"keyResult\":{\"title\":\"Answers\",\"metric\":{\"baseline\":0,\"target\":10}}}" \
    "$OKR_GOALS" okr.goals.v1.GoalsService/CreateKeyResult
  expect "the objective is activated" ACTIVE grpc -d "{\"name\":\"$objective\"}" \
    "$OKR_GOALS" okr.goals.v1.GoalsService/ActivateObjective
  expect "it is checked in" checkIns/ grpc -d "{\"parent\":\"$objective/keyResults/answers\",\"checkIn\":{\"value\":5}}" \
    "$OKR_CHECKINS" okr.checkins.v1.CheckinsService/CreateCheckIn
  expect "the check-in is listed" '"value": 5' grpc -d "{\"parent\":\"$objective/keyResults/answers\"}" \
    "$OKR_CHECKINS" okr.checkins.v1.CheckinsService/ListCheckIns
}

refusals() {
  refuse "an unknown objective" RESOURCE_NOT_FOUND grpc -d "{\"name\":\"organizations/$OKR_ORGANIZATION/objectives/none\"}" \
    "$OKR_GOALS" okr.goals.v1.GoalsService/GetObjective
  refuse "a call without a token" TOKEN_MISSING "$GRPCURL" -plaintext -d "{\"parent\":\"organizations/$OKR_ORGANIZATION\"}" \
    "$OKR_GOALS" okr.goals.v1.GoalsService/ListObjectives
}

main() {
  reflection
  one_key_result
  refusals
  [[ $FAILED -eq 0 ]] || {
    printf '%s of the calls did not do what they should\n' "$FAILED"
    exit 1
  }
}

main "$@"
