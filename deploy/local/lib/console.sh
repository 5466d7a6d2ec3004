# Steps with progress, and what is said when one fails. Sourced by every script of deploy/local and tests.
# shellcheck shell=bash

OKR_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"
readonly OKR_ROOT
# Where the logs of the steps go; a script sets its own before its first step.
STEP_LOG_DIR="${STEP_LOG_DIR:-$OKR_ROOT/.local/log/steps}"
STEP_TIMES=()

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

is_root() { [[ $EUID -eq 0 ]]; }
have() { command -v "$1" >/dev/null 2>&1; }
now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }
seconds() { printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100)); }

# The latest progress in a log: ninja's [n/m], ctest's n/m, or the last line.
_step_progress() {
  local line
  line="$(tail -c 4000 "$1" 2>/dev/null | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1 || true)"
  printf '%s' "${line:0:90}"
}

# Shows the progress of a running step: each second on a terminal, each minute elsewhere.
_step_watch() {
  local log=$1 title=$2 start=$3 every=60 tty=no pause ticks=0
  if [[ -t 1 ]]; then
    every=1
    tty=yes
  fi
  exec {pause}<> <(:)
  while true; do
    read -rt 1 -u "$pause" || true
    ticks=$((ticks + 1))
    ((ticks % every == 0)) || continue
    if [[ $tty == yes ]]; then
      printf '\r\033[K%s ... %s  %s' "$title" "$(seconds $(($(now_ms) - start)))" "$(_step_progress "$log")"
    else
      printf '    ... %s: %s\n' "$(seconds $(($(now_ms) - start)))" "$(_step_progress "$log")"
    fi
  done
}

_step_failed() {
  local title=$1 log=$2 code=$3
  {
    printf 'FAILED: %s (exit code %s). The end of its log:\n' "$title" "$code"
    tail -n "${STEP_TAIL:-40}" "$log" | sed 's/^/    /'
    printf 'FAILED: %s. The whole log: %s\n' "$title" "$log"
  } >&2
}

# try_step TITLE COMMAND...: runs the command in a subshell with `set -e`, its output in a log of its own. Leaves its
# exit code in STEP_CODE, after showing the end of the log if that is not 0. Always call it as a plain statement:
# bash drops `set -e` inside whatever is called from a condition, `&&` or `||`.
try_step() {
  local title=$1 log start watcher took
  shift
  mkdir -p "$STEP_LOG_DIR"
  log="$STEP_LOG_DIR/$(tr -cs 'a-zA-Z0-9' '-' <<<"$title" | sed 's/^-*//; s/-*$//').log"
  start="$(now_ms)"
  [[ -t 1 ]] || say "$title ..."
  _step_watch "$log" "$title" "$start" </dev/null &
  watcher=$!
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1 </dev/null
  STEP_CODE=$?
  set -e
  kill "$watcher" 2>/dev/null || true
  wait "$watcher" 2>/dev/null || true
  took=$(($(now_ms) - start))
  STEP_TIMES+=("$(printf '%9s  %s' "$(seconds "$took")" "$title")")
  [[ ! -t 1 ]] || printf '\r\033[K'
  if [[ $STEP_CODE -ne 0 ]]; then
    _step_failed "$title" "$log" "$STEP_CODE"
  else
    say "$title: done in $(seconds "$took")"
  fi
}

# run_step TITLE COMMAND...: a step without which the rest makes no sense; ends the script where it fails.
run_step() {
  try_step "$@"
  [[ $STEP_CODE -eq 0 ]] || exit 1
}

step_summary() {
  say "Time of each step:"
  printf '%s\n' "${STEP_TIMES[@]}"
}
