# The images of the suite, and of the PostgreSQL and Redis that stand for the official ones: no registry of images is
# needed, the base is made by mmdebstrap. Needs console.sh and a Docker engine.
#   images_build     all of them
#   image PROGRAM    the name of one of the suite's
# shellcheck shell=bash

readonly IMAGES="$OKR_ROOT/tests/deploy"
readonly PROGRAMS=(okr-goals okr-checkins okr-scoring okr-notifications okr-migrate okrctl)
readonly BASE=okr-test-base
readonly CCACHE="$OKR_ROOT/.cache/deploy/ccache"
# The port of the engine's network is the machine's own: apt and pip reach what it reaches.
readonly BUILD_IMAGE=(docker build --network host --build-arg "BASE=$BASE")

export OKR_REGISTRY=okr-test OKR_VERSION
OKR_VERSION="$(sed -nE 's/^project\(okr VERSION ([0-9.]+).*/\1/p' "$OKR_ROOT/CMakeLists.txt")"
REVISION="$(git -C "$OKR_ROOT" rev-parse HEAD 2>/dev/null || echo unknown)"
CREATED="$(git -C "$OKR_ROOT" log -1 --format=%cI 2>/dev/null || echo unknown)"

image() { printf '%s/%s:%s' "$OKR_REGISTRY" "$1" "$OKR_VERSION"; }

build_servers() {
  "$IMAGES/base" "$BASE" "$CCACHE"
  "${BUILD_IMAGE[@]}" --tag okr-test-postgres "$IMAGES/postgres"
  "${BUILD_IMAGE[@]}" --tag okr-test-redis "$IMAGES/redis"
}

build_suite() {
  "${BUILD_IMAGE[@]}" --file "$OKR_ROOT/deploy/Dockerfile" --build-arg "VERSION=$OKR_VERSION" \
    --build-arg "REVISION=$REVISION" --build-arg "CREATED=$CREATED" "$@" "$OKR_ROOT"
}

# Keeps what the compiler made, so that the next run takes minutes less.
keep_ccache() {
  local container
  container="$(docker create okr-test-build true)"
  rm -rf "$CCACHE"
  mkdir -p "$(dirname "$CCACHE")"
  docker cp "$container:/root/.cache/ccache" "$CCACHE"
  docker rm "$container"
}

build_images() {
  local program
  build_suite --target build --tag okr-test-build
  keep_ccache
  for program in "${PROGRAMS[@]}"; do
    build_suite --build-arg "PROGRAM=$program" --tag "$(image "$program")"
  done
}

images_build() {
  run_step "Build a base, PostgreSQL and Redis" build_servers
  run_step "Build the images" build_images
}
