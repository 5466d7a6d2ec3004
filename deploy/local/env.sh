# The one place that knows the programs, ports, files and OKR_* settings of a local installation.
# Sourced after lib/servers.sh; local_place sets what the rest reads.
# shellcheck shell=bash

readonly OKR_SERVICES=(goals checkins scoring notifications)
readonly OKR_DATABASE=okr
readonly SAMPLE_PLAN="$OKR_ROOT/deploy/local/sample.yaml"

# local_place STATE PORT BIN: the folder of the installation, the first of its ports, the folder of the programs.
local_place() {
  LOCAL_STATE=$1
  LOCAL_PORT=$2
  LOCAL_BIN=$3
  LOCAL_KEYS="$LOCAL_STATE/keys"
  export LOCAL_LOG="$LOCAL_STATE/log"
  export OKRCTL_CONFIG="$LOCAL_STATE/okrctl.yaml"
  servers_place "$LOCAL_STATE"
}

service_port() {
  local i
  for i in "${!OKR_SERVICES[@]}"; do
    [[ ${OKR_SERVICES[i]} != "$1" ]] || printf '%s' $((LOCAL_PORT + i))
  done
}

# HTTP, for /metrics, /livez and /readyz.
service_admin_port() { printf '%s' $(($(service_port "$1") + 10)); }

service_address() { printf '127.0.0.1:%s' "$(service_port "$1")"; }

# Conninfo of a role of the suite's database.
database_url() { printf 'host=%s port=5432 dbname=%s user=%s' "$SERVERS_RUN" "$OKR_DATABASE" "$1"; }

# The settings of a service, one NAME=value a line.
service_settings() {
  local service=$1 other
  cat <<EOF
OKR_LISTEN=$(service_address "$service")
OKR_ADMIN_LISTEN=127.0.0.1:$(service_admin_port "$service")
OKR_DATABASE_URL=$(database_url "okr_${service}_runtime")
OKR_RELAY_DATABASE_URL=$(database_url "okr_${service}_relay")
OKR_REDIS_URL=unix://$REDIS_SOCKET
OKR_TOKEN_ISSUERS_FILE=$LOCAL_KEYS/issuers.yaml
OKR_PAGE_TOKEN_KEY_FILE=$LOCAL_KEYS/page-token.key
OKR_SERVICE_TOKEN_FILE=$LOCAL_KEYS/$service.token
EOF
  for other in "${OKR_SERVICES[@]}"; do
    printf 'OKR_%s_ADDRESS=%s\n' "${other^^}" "$(service_address "$other")"
  done
}

# clean_env [NAME=value...] COMMAND...: without OKR_* settings of the caller, which would be taken for ours.
clean_env() {
  local keep=(PATH="$PATH" HOME="${HOME:-/}" LANG=C.UTF-8) name
  for name in ASAN_OPTIONS TSAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS OKRCTL_CONFIG; do
    [[ -z ${!name:-} ]] || keep+=("$name=${!name}")
  done
  env -i "${keep[@]}" "$@"
}

okrctl() { clean_env "$LOCAL_BIN/okrctl" "$@"; }

migrate() {
  clean_env OKR_DATABASE_URL="host=$SERVERS_RUN port=5432 dbname=$OKR_DATABASE user=postgres" \
    "$LOCAL_BIN/okr-migrate" up --create-roles
}

# Keys of the development issuer, and the tokens that the services show to each other.
make_issuer() { okrctl auth init --key-dir "$LOCAL_KEYS"; }
service_token() { okrctl auth token --key-dir "$LOCAL_KEYS" --as "$1" --role SERVICE --ttl 3650d; }

# What `organization: {id: ..., administrator: ...}` of the sample says of the given key.
sample_value() { sed -nE "/^organization:/,/^[a-z_]+:\$/s/.*[ {]$1: *([a-z0-9-]+).*/\1/p" "$SAMPLE_PLAN" | head -n 1; }

# The settings of okrctl for this installation.
okrctl_settings() {
  local service
  printf '# Written by deploy/local/up.\n'
  for service in "${OKR_SERVICES[@]}"; do printf '%s_address: %s\n' "$service" "$(service_address "$service")"; done
  [[ ! -f $SAMPLE_PLAN ]] || printf 'organization: %s\n' "$(sample_value id)"
  printf 'development:\n  key_dir: %s\n' "$LOCAL_KEYS"
  [[ ! -f $SAMPLE_PLAN ]] || printf '  as: %s\n  role: ADMIN\n' "$(sample_value administrator)"
}

service_is_serving() { okrctl health --address "$(service_address "$1")"; }

load_sample() { okrctl apply -f "$SAMPLE_PLAN"; }

# bootstrap ORGANIZATION: makes it, with its first administrator "admin".
bootstrap() { okrctl admin bootstrap --organization "$1"; }

administrator_token() { okrctl auth token --as admin --role ADMIN --organization "$1"; }
