# A real API server of Kubernetes with its etcd. Needs console.sh, process.sh and render.sh.
#   cluster_start    sets WORK, a folder for its files and those of the caller, and HELM_HOME. Both listen on the loopback
#                    address; node.sh sets API_ADDRESS and API_PORT for those who run a node beside it
#   cluster_stop     ends both, and removes WORK
#   kubectl ARGS...  as a member of system:masters
# shellcheck shell=bash

PIDS=()
WORK=""
API_ADDRESS=127.0.0.1
API_PORT=""
# No controllers run, so nobody makes the account "default" that the plug-in ServiceAccount asks for. The advertised
# address is one of documentation, which nobody connects to.
API_ARGUMENTS=(--advertise-address 192.0.2.1 --endpoint-reconciler-type none --disable-admission-plugins ServiceAccount)

free_ports() {
  /usr/bin/python3 - "$1" <<'PYTHON'
import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in sockets))
PYTHON
}

# start NAME COMMAND...: in the background, until cluster_stop.
start() {
  local name=$1
  shift
  "$@" >"$WORK/$name.log" 2>&1 </dev/null &
  PIDS+=($!)
}

# At once: nothing of it is kept, and an API server without etcd would take minutes to stop.
cluster_stop() {
  local pid
  for pid in "${PIDS[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  for pid in "${PIDS[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$WORK"
}

kubectl() {
  env -i PATH="$PATH" HOME="$HELM_HOME" "$HELM_BIN/kubectl" --server "https://$API_ADDRESS:$API_PORT" \
    --certificate-authority "$WORK/certs/apiserver.crt" --token "$TOKEN" "$@"
}

start_etcd() {
  start etcd etcd --data-dir "$WORK/etcd" --listen-client-urls "http://127.0.0.1:$ETCD_PORT" \
    --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" --listen-peer-urls "http://127.0.0.1:$PEER_PORT" \
    --initial-advertise-peer-urls "http://127.0.0.1:$PEER_PORT" --initial-cluster "default=http://127.0.0.1:$PEER_PORT"
}

start_apiserver() {
  openssl genrsa -out "$WORK/accounts.key" 2048 2>/dev/null
  TOKEN="$(openssl rand -hex 16)"
  printf '%s,tester,tester,system:masters\n' "$TOKEN" >"$WORK/tokens.csv"
  start apiserver "$HELM_BIN/kube-apiserver" --etcd-servers "http://127.0.0.1:$ETCD_PORT" \
    --bind-address "$API_ADDRESS" --secure-port "$API_PORT" --cert-dir "$WORK/certs" \
    --service-cluster-ip-range 10.0.0.0/24 --authorization-mode RBAC --token-auth-file "$WORK/tokens.csv" \
    "${API_ARGUMENTS[@]}" --service-account-issuer https://kubernetes.default.svc.cluster.local \
    --service-account-key-file "$WORK/accounts.key" --service-account-signing-key-file "$WORK/accounts.key"
}

is_ready() { kubectl get --raw /readyz; }

wait_ready() {
  wait_until 180 is_ready || {
    tail -n 20 "$WORK/etcd.log" "$WORK/apiserver.log" >&2
    die "the API server is not ready after 180 s"
  }
}

cluster_start() {
  WORK="$(mktemp -d)"
  # PostgreSQL's user may have to enter it.
  chmod 755 "$WORK"
  HELM_HOME="$WORK/home"
  mkdir "$HELM_HOME"
  # shellcheck disable=SC2034  # Of console.sh.
  STEP_LOG_DIR="$WORK/steps"
  read -r ETCD_PORT PEER_PORT < <(free_ports 2)
  [[ -n $API_PORT ]] || API_PORT="$(free_ports 1)"
  start_etcd
  start_apiserver
  run_step "Wait for kube-apiserver $KUBERNETES" wait_ready
}
