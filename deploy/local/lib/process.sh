# Background processes with pid files that also hold the start time, so that a reused pid is never taken for ours.
# A pid file has two lines: "<pid> <start time in clock ticks since boot>", and a fingerprint of what was started.
# shellcheck shell=bash

_process_start_time() {
  local stat
  stat="$(cat "/proc/$1/stat" 2>/dev/null)" || return 1
  # The command name, in parentheses, may hold spaces; the start time is field 22, the 20th after it. A zombie is dead.
  read -ra stat <<<"${stat##*) }"
  [[ ${stat[0]} != Z ]] || return 1
  printf '%s' "${stat[19]}"
}

# process_pid PIDFILE: prints the pid of the process if it still runs; otherwise 1.
process_pid() {
  local pid start
  [[ -f $1 ]] || return 1
  read -r pid start <"$1" || return 1
  [[ -n $pid && "$(_process_start_time "$pid")" == "$start" ]] || return 1
  printf '%s' "$pid"
}

process_fingerprint() { sed -n 2p "$1" 2>/dev/null || true; }

# process_record PIDFILE PID FINGERPRINT
process_record() {
  local start
  start="$(_process_start_time "$2")" || return 1
  printf '%s %s\n%s\n' "$2" "$start" "$3" >"$1.new"
  mv "$1.new" "$1"
}

# process_start PIDFILE LOG FINGERPRINT COMMAND...: in a session of its own, from /, holding no lock of the caller.
process_start() {
  local pidfile=$1 log=$2 fingerprint=$3
  shift 3
  if [[ -s $log ]]; then mv "$log" "$log.1"; fi
  (
    cd /
    [[ -z ${LOCK_FD:-} ]] || exec {LOCK_FD}>&-
    exec setsid "$@"
  ) </dev/null >"$log" 2>&1 &
  process_record "$pidfile" $! "$fingerprint" || {
    tail -n 20 "$log"
    printf 'it ended at once: %s\n' "$*"
    return 1
  }
}

# process_stop PIDFILE SECONDS: asks it to end, waits, then kills it. Nothing to do is no error.
process_stop() {
  local pid deadline=$((SECONDS + $2)) pause
  if ! pid="$(process_pid "$1")"; then
    rm -f "$1"
    return 0
  fi
  exec {pause}<> <(:)
  kill -TERM "$pid" 2>/dev/null || true
  while process_pid "$1" >/dev/null; do
    if ((SECONDS >= deadline)); then
      printf 'process %s did not end within %s s: killing it\n' "$pid" "$2"
      kill -KILL "$pid" 2>/dev/null || true
      deadline=$((SECONDS + 5))
    fi
    read -rt 0.1 -u "$pause" || true
  done
  exec {pause}>&-
  rm -f "$1"
}

# wait_until SECONDS COMMAND...: repeats it until it succeeds; 1 when it did not in time.
wait_until() {
  local deadline=$((SECONDS + $1)) pause
  shift
  exec {pause}<> <(:)
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    read -rt 0.1 -u "$pause" || true
  done
  exec {pause}>&-
}
