# The steps of up and down. Needs console.sh, process.sh, servers.sh and env.sh, after local_place.
# shellcheck shell=bash

readonly SUITE_PROGRAMS=(okr-goals okr-checkins okr-scoring okr-notifications okr-migrate okrctl)

# One up or down at a time for an installation; the lock goes with this process, and no child keeps it.
suite_lock() {
  exec {LOCK_FD}>"$LOCAL_STATE/lock"
  flock --nonblock "$LOCK_FD" || die "another deploy/local/up or down works on $LOCAL_STATE now; wait for it"
}

suite_build() {
  local build=$1 preset=$2
  cd "$OKR_ROOT" || return
  [[ -f $build/build.ninja ]] || cmake --preset "$preset"
  cmake --build "$build" --target "${SUITE_PROGRAMS[@]}"
}

suite_start_servers() {
  postgres_start "$1"
  redis_start "$1"
}

suite_stop_servers() {
  redis_stop
  postgres_stop
}

# write_secret FILE COMMAND...: what the command prints, readable by its owner only, unless the file is there.
write_secret() {
  local file=$1
  shift
  [[ ! -s $file ]] || return 0
  (umask 077 && "$@" >"$file.new")
  mv "$file.new" "$file"
}

suite_make_keys() {
  local service
  mkdir -p "$LOCAL_KEYS"
  chmod 700 "$LOCAL_KEYS"
  okrctl_settings >"$OKRCTL_CONFIG.new"
  mv "$OKRCTL_CONFIG.new" "$OKRCTL_CONFIG"
  write_secret "$LOCAL_KEYS/page-token.key" openssl rand -hex 32
  make_issuer
  for service in "${OKR_SERVICES[@]}"; do write_secret "$LOCAL_KEYS/$service.token" service_token "$service"; done
}

suite_migrate() {
  local psql
  psql="$(postgres_bin)/psql"
  if [[ -z "$("$psql" -XAtc "SELECT 1 FROM pg_database WHERE datname = '$OKR_DATABASE'" "$POSTGRES_SUPERUSER")" ]]; then
    "$psql" -Xqc "CREATE DATABASE $OKR_DATABASE" "$POSTGRES_SUPERUSER"
  fi
  migrate
}

_port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Of the program and the settings, so that a change of either restarts the service.
_service_fingerprint() {
  { sha256sum <"$LOCAL_BIN/okr-$1" && service_settings "$1"; } | sha256sum | cut -d ' ' -f 1
}

_start_service() {
  local service=$1 pidfile fingerprint settings port
  pidfile="$SERVERS_STATE/$service.pid"
  fingerprint="$(_service_fingerprint "$service")"
  if process_pid "$pidfile" >/dev/null; then
    if [[ "$(process_fingerprint "$pidfile")" == "$fingerprint" ]]; then
      say "$service runs already"
      return 0
    fi
    say "$service runs with another program or settings: restarting it"
    process_stop "$pidfile" 40
  fi
  for port in "$(service_port "$service")" "$(service_admin_port "$service")"; do
    _port_is_free "$port" || die "port $port of $service is taken by another program: stop that, or use --port"
  done
  mapfile -t settings < <(service_settings "$service")
  process_start "$pidfile" "$LOCAL_LOG/$service.log" "$fingerprint" \
    env -i "PATH=$PATH" LANG=C.UTF-8 "${settings[@]}" "$LOCAL_BIN/okr-$service"
}

suite_start_services() {
  local service
  for service in "${OKR_SERVICES[@]}"; do _start_service "$service"; done
}

suite_stop_services() {
  local service
  for service in notifications scoring checkins goals; do process_stop "$SERVERS_STATE/$service.pid" 40; done
}

_serving_or_dead() { service_is_serving "$1" || _gone "$SERVERS_STATE/$1.pid"; }

suite_wait_serving() {
  local service
  for service in "${OKR_SERVICES[@]}"; do
    if ! wait_until 60 _serving_or_dead "$service" || ! service_is_serving "$service"; then
      tail -n 20 "$LOCAL_LOG/$service.log"
      die "$service does not serve at $(service_address "$service"); its log: $LOCAL_LOG/$service.log"
    fi
    say "$service serves at $(service_address "$service")"
  done
}

# Once for each state of the plan file.
suite_load_sample() {
  local digest
  digest="$(sha256sum <"$SAMPLE_PLAN")"
  if [[ "$(cat "$LOCAL_STATE/sample.loaded" 2>/dev/null || true)" == "$digest" ]]; then
    say "It is loaded already."
    return 0
  fi
  load_sample
  printf '%s\n' "$digest" >"$LOCAL_STATE/sample.loaded"
}

suite_hints() {
  local service okrctl=${LOCAL_BIN#"$OKR_ROOT/"}/okrctl
  printf '\nThe suite runs:\n'
  for service in "${OKR_SERVICES[@]}"; do printf '  %-14s %s\n' "$service" "$(service_address "$service")"; done
  [[ $LOCAL_STATE == "$OKR_ROOT/.local" ]] || printf '\n  export OKRCTL_CONFIG=%s\n' "$OKRCTL_CONFIG"
  cat <<EOF

Try, from $OKR_ROOT:
  $okrctl tree                     the objectives and how they stand
  $okrctl due --all                what waits for a check-in
  $okrctl inbox                    what happened to you
  $okrctl --help                   everything else
Logs are in $LOCAL_LOG, metrics at http://127.0.0.1:$(service_admin_port goals)/metrics and the next three ports.
deploy/local/down stops the suite.
EOF
}
