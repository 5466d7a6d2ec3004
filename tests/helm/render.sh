# What both tests of the chart render. Needs console.sh.
# shellcheck shell=bash

readonly CHART="$OKR_ROOT/helm/okr"
readonly HELM_BIN="$OKR_ROOT/.cache/bin"
# Of the module in tests/helm/kubernetes.
KUBERNETES="$(sed -nE 's/.*k8s.io\/kubernetes v([0-9.]+).*/\1/p' "$OKR_ROOT/tests/helm/kubernetes/go.mod")"
readonly KUBERNETES

# The files of values: the matrix, and the example that users start from.
matrix() { printf '%s\n' "$OKR_ROOT"/tests/helm/matrix/*.yaml "$CHART/examples/values.yaml"; }

# Without settings of the caller's.
helm_clean() { env -i PATH="$PATH" HOME="$HELM_HOME" "$HELM_BIN/helm" "$@"; }

# render VALUES
render() { helm_clean template okr "$CHART" --namespace okr-test --kube-version "$KUBERNETES" --values "$1"; }
