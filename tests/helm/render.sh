# What both tests of the chart render. Needs console.sh.
# shellcheck shell=bash

readonly CHART="$OKR_ROOT/helm/okr"
readonly HELM_BIN="$OKR_ROOT/.cache/bin"
# Of the module in tests/helm/kubernetes.
KUBERNETES="$(sed -nE 's/.*k8s.io\/kubernetes v([0-9.]+).*/\1/p' "$OKR_ROOT/tests/helm/kubernetes/go.mod")"
readonly KUBERNETES
# The oldest that the chart takes.
readonly KUBERNETES_MIN=1.27.0

# The files of values: the matrix, and the example that users start from.
matrix() { printf '%s\n' "$OKR_ROOT"/tests/helm/matrix/*.yaml "$CHART/examples/values.yaml"; }

# In a folder without settings of the caller's.
helm_clean() {
  env -i PATH="$PATH" HOME="$HELM_HOME" "$HELM_BIN/helm" "$@"
}

# render VALUES [KUBERNETES_VERSION] [ARGUMENTS...]
render() {
  local values=$1 version=${2:-$KUBERNETES}
  helm_clean template okr "$CHART" --namespace okr-test --kube-version "$version" --values "$values" "${@:3}"
}
