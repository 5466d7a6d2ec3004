# Tests that are commands, counted. Needs console.sh.
#   check TITLE COMMAND...   one test; shows the end of what the command said if it failed. Not to be called from a
#                            condition, where bash drops `set -e`; the command runs under it
#   checks_close             the closing line; fails if a test did
# shellcheck shell=bash

PASSED=0
FAILED=0

check() {
  local title=$1 output code
  shift
  set +e
  output="$(
    set -e
    "$@" 2>&1
  )"
  code=$?
  set -e
  if [[ $code -eq 0 ]]; then
    PASSED=$((PASSED + 1))
    say "ok      $title"
  else
    FAILED=$((FAILED + 1))
    say "FAILED  $title"
    tail -n 60 <<<"$output" | sed 's/^/        /'
  fi
}

checks_close() {
  say "$PASSED passed, $FAILED failed"
  [[ $FAILED -eq 0 ]]
}
