# What makes a cluster of the API server of cluster.sh: controllers, scheduler, and one node with kubelet, containerd,
# network, proxy and DNS. Needs console.sh, process.sh, render.sh and cluster.sh, and to be the first process of its own
# network, mount and process namespaces (see node_namespaces): whatever it starts and mounts ends with them.
#   node_namespaces COMMAND...   runs it in new ones, and gives its exit code
#   node_start                   after cluster_start; until the node is ready
#   node_load FILE...            images, PAUSE_IMAGE among them, as `docker save` writes them
#   node_remove                  outside, when it is gone
# shellcheck shell=bash

API_ADDRESS=10.1.0.1
API_PORT=6443
# shellcheck disable=SC2034  # Of cluster.sh.
API_ARGUMENTS=(--allow-privileged --kubelet-preferred-address-types InternalIP)
readonly PODS=10.2.0.0/16
readonly NODE=node
readonly CGROUP=okr-test-node
readonly PAUSE_IMAGE=okr-test/pause:1

node_namespaces() {
  unshare --mount --net --pid --fork --kill-child --mount-proc "$@"
}

# Of the node alone: what containerd and kubelet write at places that no setting moves.
_mount() {
  local folder
  mount --make-rshared /
  for folder in /run /var/lib/kubelet /var/lib/cni /var/log; do
    mkdir -p "$folder"
    mount -t tmpfs none "$folder"
  done
  # Names of the cluster are names here too.
  printf 'nameserver %s\n' "$API_ADDRESS" >/run/resolv.conf
  mount --bind /run/resolv.conf /etc/resolv.conf
}

_network() {
  ip link set lo up
  ip link add node0 type veth peer name outside
  ip link set outside up
  ip address add "$API_ADDRESS/32" dev node0
  ip link set node0 up
  ip route add default dev node0
  sysctl -qw net.ipv4.ip_forward=1
}

_write_cni() {
  mkdir "$WORK/cni"
  cat >"$WORK/cni/10-pods.conflist" <<JSON
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "ptp", "mtu": 1500, "ipMasq": false,
   "ipam": {"type": "host-local", "subnet": "$PODS", "dataDir": "$WORK/cni/state", "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
}

_kubeconfig() {
  kubectl config --kubeconfig "$WORK/kubeconfig" set-cluster test --server "https://$API_ADDRESS:$API_PORT" \
    --certificate-authority "$WORK/certs/apiserver.crt"
  kubectl config --kubeconfig "$WORK/kubeconfig" set-credentials test --token "$TOKEN"
  kubectl config --kubeconfig "$WORK/kubeconfig" set-context test --cluster test --user test
  kubectl config --kubeconfig "$WORK/kubeconfig" use-context test
}

_start_controllers() {
  start controllers "$HELM_BIN/kube-controller-manager" --kubeconfig "$WORK/kubeconfig" --leader-elect=false \
    --service-account-private-key-file "$WORK/accounts.key" --root-ca-file "$WORK/certs/apiserver.crt"
  start scheduler "$HELM_BIN/kube-scheduler" --kubeconfig "$WORK/kubeconfig" --leader-elect=false
}

# Its limit of oom_score_adj: a machine may not let even root go below its own.
_start_containerd() {
  cat >"$WORK/containerd.toml" <<TOML
version = 2
root = "$WORK/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/$PAUSE_IMAGE"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$WORK/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
TOML
  start containerd containerd --config "$WORK/containerd.toml"
  wait_until 30 ctr version
}

# Version 2 has one tree, version 1 one for each controller.
_cgroups() {
  local trees=(/sys/fs/cgroup/*/)
  [[ ! -e /sys/fs/cgroup/cgroup.controllers ]] || trees=(/sys/fs/cgroup/)
  printf '%s\n' "${trees[@]/%/$1}"
}

_start_kubelet() {
  _cgroups "$CGROUP" | xargs mkdir -p
  cat >"$WORK/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
address: $API_ADDRESS
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
cgroupsPerQOS: true
clusterDNS: [$API_ADDRESS]
syncFrequency: 10s
clusterDomain: cluster.local
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
enforceNodeAllocatable: []
evictionHard: {memory.available: 0%, nodefs.available: 0%, imagefs.available: 0%, nodefs.inodesFree: 0%}
failCgroupV1: false
failSwapOn: false
imageGCHighThresholdPercent: 100
resolvConf: ""
YAML
  start kubelet "$HELM_BIN/kubelet" --kubeconfig "$WORK/kubeconfig" --config "$WORK/kubelet.yaml" \
    --hostname-override "$NODE" --node-ip "$API_ADDRESS"
}

_start_proxy() {
  start proxy "$HELM_BIN/kube-proxy" --kubeconfig "$WORK/kubeconfig" --hostname-override "$NODE" --cluster-cidr "$PODS" \
    --proxy-mode iptables --conntrack-max-per-core 0 --conntrack-tcp-timeout-established 0 \
    --conntrack-tcp-timeout-close-wait 0
}

# Enforces network policies.
_start_policies() {
  start policies "$HELM_BIN/kube-router" --kubeconfig "$WORK/kubeconfig" --hostname-override "$NODE" --run-firewall=true \
    --run-router=false --run-service-proxy=false --service-cluster-ip-range 10.0.0.0/24
}

_start_dns() {
  cat >"$WORK/Corefile" <<CORE
.:53 {
  bind $API_ADDRESS
  errors
  kubernetes cluster.local {
    kubeconfig $WORK/kubeconfig
    ttl 5
  }
}
CORE
  start dns "$HELM_BIN/cluster-dns" -conf "$WORK/Corefile"
}

node_load() {
  local file
  for file in "$@"; do ctr --namespace k8s.io images import "$file"; done
}

_is_ready() { kubectl wait --for condition=Ready --timeout 1s "node/$NODE"; }

_wait_ready() {
  wait_until 120 _is_ready || {
    kubectl get nodes --output wide || true
    tail -n 30 "$WORK"/{kubelet,containerd,controllers}.log
    die "the node is not ready after 120 s"
  }
}

# Before cluster_start makes the folder of its files.
node_prepare() {
  _mount
  _network
}

node_start() {
  _kubeconfig >/dev/null
  _write_cni
  _start_controllers
  _start_containerd
  _start_kubelet
  _start_proxy
  _start_dns
  run_step "Wait for the node" _wait_ready
  _start_policies
}

# What the kernel keeps of a node that is gone.
node_remove() {
  local tree
  for tree in $(_cgroups "$CGROUP"); do
    [[ ! -d $tree ]] || find "$tree" -depth -type d -exec rmdir {} +
  done
  rmdir /var/lib/kubelet /var/lib/cni 2>/dev/null || true
}
