# A private PostgreSQL and a private Redis in folders of their own, on unix sockets only; nothing of the system's own
# servers is touched. Needs console.sh and process.sh.
#   servers_place BASE     sets SERVERS_DATA (PostgreSQL's data), SERVERS_RUN (sockets) and SERVERS_STATE (pid files)
#   postgres_start FAST|SAFE, postgres_stop, redis_start FAST|SAFE, redis_stop, servers_wipe
#   POSTGRES_SUPERUSER     conninfo of the superuser; REDIS_SOCKET the path of Redis' socket
# shellcheck shell=bash

# As root PostgreSQL runs under the user that Debian's package made for it, since it refuses root.
readonly POSTGRES_USER=postgres
# The longest path that fits a unix socket's address, less PostgreSQL's file name.
readonly SOCKET_FOLDER_MAX=85

as_postgres() {
  if is_root; then (cd / && runuser -u "$POSTGRES_USER" -- "$@"); else "$@"; fi
}

_can_traverse() { as_postgres test -x "$1"; }

# The data stands in BASE; where PostgreSQL's user cannot get there (a repository below /root), in
# /var/lib/okr-local-<digest of BASE>. The sockets stand beside it, or in /tmp/okr-local-<digest> if their path would
# be too long.
servers_place() {
  local base=$1 digest
  digest="$(sha256sum <<<"$base" | cut -c 1-12)"
  SERVERS_STATE="$base/run"
  mkdir -p "$SERVERS_STATE" "$base/log"
  SERVERS_LOG="$base/log"
  SERVERS_DATA="$base/postgres"
  SERVERS_RUN="$base/postgres-run"
  if ! _can_traverse "$base"; then
    mkdir -p "/var/lib/okr-local-$digest"
    SERVERS_DATA="/var/lib/okr-local-$digest/postgres"
    SERVERS_RUN="/var/lib/okr-local-$digest/run"
  fi
  ((${#SERVERS_RUN} <= SOCKET_FOLDER_MAX)) || SERVERS_RUN="/tmp/okr-local-$digest"
  REDIS_DATA="$base/redis"
  REDIS_SOCKET="$SERVERS_RUN/redis.sock"
  POSTGRES_SUPERUSER="host=$SERVERS_RUN port=5432 dbname=postgres user=postgres"
  export SERVERS_STATE SERVERS_LOG SERVERS_DATA SERVERS_RUN REDIS_DATA REDIS_SOCKET POSTGRES_SUPERUSER
}

postgres_bin() {
  local newest
  newest="$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)"
  [[ -x $newest/initdb ]] || die "PostgreSQL's programs are not below /usr/lib/postgresql: run deploy/local/packages"
  printf '%s' "$newest"
}

# A folder that only PostgreSQL's user (and root) can enter: that is what guards the sockets, so it must be ours.
_private_folder() {
  local folder=$1 owner=$EUID
  ! is_root || owner="$(id -u "$POSTGRES_USER")"
  if [[ ! -e $folder ]]; then
    mkdir "$folder"
    if is_root; then chown "$POSTGRES_USER:" "$folder"; fi
  fi
  [[ ! -L $folder && "$(stat -c %u "$folder")" == "$owner" ]] || die "$folder belongs to another user; remove it"
  chmod 700 "$folder"
}

postgres_create() {
  local bin
  [[ ! -e $SERVERS_DATA/PG_VERSION ]] || return 0
  bin="$(postgres_bin)"
  _private_folder "$SERVERS_DATA"
  as_postgres "$bin/initdb" --pgdata="$SERVERS_DATA" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
    --auth-local=trust --auth-host=reject --data-checksums --no-instructions
}

# Sizes for a developer's machine. FAST gives up durability, for tests that start from nothing.
_postgres_options() {
  local options="-c listen_addresses= -c unix_socket_directories=$SERVERS_RUN -c unix_socket_permissions=0700"
  options+=" -c port=5432 -c max_connections=200 -c shared_buffers=128MB -c max_wal_size=1GB -c timezone=UTC"
  options+=" -c log_line_prefix=%m_[%p]_%u_ -c log_min_duration_statement=1000"
  [[ $1 != FAST ]] || options+=" -c fsync=off -c full_page_writes=off -c autovacuum_naptime=5s"
  printf '%s' "$options"
}

_same_version() {
  local data bin
  data="$(cat "$SERVERS_DATA/PG_VERSION")"
  bin="$(postgres_bin)"
  [[ $bin == */"$data"/bin ]] ||
    die "the data in $SERVERS_DATA is of PostgreSQL $data, installed is ${bin%/bin}: run deploy/local/down --wipe"
}

postgres_start() {
  local pidfile="$SERVERS_STATE/postgres.pid" bin pid
  if process_pid "$pidfile" >/dev/null; then return 0; fi
  postgres_create
  _same_version
  bin="$(postgres_bin)"
  _private_folder "$SERVERS_RUN"
  : >"$SERVERS_LOG/postgres.log"
  if is_root; then chown "$POSTGRES_USER:" "$SERVERS_LOG/postgres.log"; fi
  (
    [[ -z ${LOCK_FD:-} ]] || exec {LOCK_FD}>&-
    as_postgres "$bin/pg_ctl" start --pgdata="$SERVERS_DATA" --log=/dev/stdout --wait --timeout=60 \
      --options="$(_postgres_options "$1")" >>"$SERVERS_LOG/postgres.log" 2>&1
  ) || {
    tail -n 20 "$SERVERS_LOG/postgres.log"
    die "PostgreSQL did not start; its log: $SERVERS_LOG/postgres.log"
  }
  pid="$(as_postgres head -n 1 "$SERVERS_DATA/postmaster.pid")"
  process_record "$pidfile" "$pid" postgres
}

# SIGINT is PostgreSQL's fast shutdown: ends sessions, writes a checkpoint.
postgres_stop() {
  local pid
  if pid="$(process_pid "$SERVERS_STATE/postgres.pid")"; then
    kill -INT "$pid"
    wait_until 30 _gone "$SERVERS_STATE/postgres.pid" || true
  fi
  process_stop "$SERVERS_STATE/postgres.pid" 10
}

_gone() { ! process_pid "$1" >/dev/null; }

redis_start() {
  local pidfile="$SERVERS_STATE/redis.pid" durable=(--appendonly yes --appendfsync everysec)
  if process_pid "$pidfile" >/dev/null; then return 0; fi
  [[ $1 != FAST ]] || durable=(--appendonly no)
  mkdir -p "$REDIS_DATA"
  [[ -d $SERVERS_RUN ]] || _private_folder "$SERVERS_RUN"
  rm -f "$REDIS_SOCKET"
  process_start "$pidfile" "$SERVERS_LOG/redis.log" redis redis-server --port 0 --unixsocket "$REDIS_SOCKET" \
    --unixsocketperm 700 --dir "$REDIS_DATA" --save '' --maxmemory-policy noeviction --daemonize no "${durable[@]}"
  wait_until 20 redis-cli -e -s "$REDIS_SOCKET" ping || {
    tail -n 20 "$SERVERS_LOG/redis.log"
    die "Redis did not start; its log: $SERVERS_LOG/redis.log"
  }
}

redis_stop() { process_stop "$SERVERS_STATE/redis.pid" 10; }

# Removes the data of both, which must be stopped.
servers_wipe() {
  rm -rf "$SERVERS_DATA" "$SERVERS_RUN" "$REDIS_DATA"
  [[ $SERVERS_DATA != /var/lib/okr-local-* ]] || rmdir --ignore-fail-on-non-empty "$(dirname "$SERVERS_DATA")"
}
