# A Docker engine of our own, where this user reaches none: its data, sockets and pid file in ENGINE_STATE. Needs
# console.sh and process.sh.
#   engine_start STATE     sets DOCKER_HOST if it had to start one
#   engine_stop            stops what engine_start started, and removes its data
# shellcheck shell=bash

ENGINE_STATE=""

_engine_answers() { docker version >/dev/null 2>&1; }

engine_start() {
  if _engine_answers; then return 0; fi
  is_root || die "no Docker engine answers, and only root can start one"
  ENGINE_STATE=$1
  mkdir -p "$ENGINE_STATE"
  export DOCKER_HOST="unix://$ENGINE_STATE/docker.sock"
  process_start "$ENGINE_STATE/engine.pid" "$ENGINE_STATE/engine.log" engine \
    dockerd --host "$DOCKER_HOST" --data-root "$ENGINE_STATE/data" --exec-root "$ENGINE_STATE/exec" \
    --pidfile "$ENGINE_STATE/docker.pid"
  wait_until 60 _engine_answers || {
    tail -n 30 "$ENGINE_STATE/engine.log"
    die "the Docker engine did not start"
  }
}

engine_stop() {
  [[ -n $ENGINE_STATE ]] || return 0
  process_stop "$ENGINE_STATE/engine.pid" 60
  # The engine leaves the network namespace of the machine mounted there, and its bridge.
  umount "$ENGINE_STATE"/exec/netns/* 2>/dev/null || true
  ip link delete docker0 2>/dev/null || true
  rm -rf "$ENGINE_STATE"
}
