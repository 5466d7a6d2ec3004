# Where sanitizers report. A service that a test has started writes to a log that goes with the test, and its report
# would be lost: reports go to files of their own, which must not be there at the end. Sourced by tests/run.
# shellcheck shell=bash

# sanitizers_place FOLDER: from here on reports of all programs go to FOLDER, which is emptied.
sanitizers_place() {
  local root
  root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
  SANITIZER_REPORTS=$1
  rm -rf "$SANITIZER_REPORTS"
  mkdir -p "$SANITIZER_REPORTS"
  export ASAN_OPTIONS="log_path=$SANITIZER_REPORTS/asan:${ASAN_OPTIONS:-}"
  export UBSAN_OPTIONS="log_path=$SANITIZER_REPORTS/ubsan:print_stacktrace=1:${UBSAN_OPTIONS:-}"
  # The packaged gRPC is not instrumented; without this its locks look like races.
  TSAN_OPTIONS="log_path=$SANITIZER_REPORTS/tsan ignore_noninstrumented_modules=1 ${TSAN_OPTIONS:-}"
  export TSAN_OPTIONS="suppressions=$root/tests/tsan.supp $TSAN_OPTIONS"
}

# sanitizers_check: shows the reports; 1 if there are any.
sanitizers_check() {
  local report found=0
  for report in "$SANITIZER_REPORTS"/*; do
    [[ -f $report ]] || continue
    found=1
    printf 'FAILED: a sanitizer reports, %s:\n' "$report"
    head -n 60 "$report" | sed 's/^/    /'
  done
  return "$found"
}
