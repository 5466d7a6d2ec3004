# Compiler settings and the packages that everything is built on.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# The same flag for libraries and programs, so that they can share a precompiled header.
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
add_compile_options(-fPIE)
add_link_options(-pie)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

# On for those who change the code; off for those who build what ships, with whatever compiler they have.
option(OKR_WARNINGS_AS_ERRORS "Whether a warning stops the build" OFF)
option(OKR_TEST_HOOKS "Fail points and planted faults, for tests/chaos; never in what ships" OFF)
set(OKR_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
option(OKR_FUZZ "Whether to build the fuzz targets, with Clang's libFuzzer, instead of replaying their corpora" OFF)

# No FP contraction: a score must have the same bits on every machine.
add_compile_options(-Wall -Wextra $<$<BOOL:${OKR_WARNINGS_AS_ERRORS}>:-Werror> -Wno-unused-parameter -Wno-missing-field-initializers -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports absl::StatusOr and std::optional members as maybe uninitialized where they are not.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict)
  # Lets ccache hit on translation units that use a precompiled header.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
endif()
if(OKR_SANITIZE)
  # A finding ends the program, so that no test passes beside one.
  add_compile_options(-fsanitize=${OKR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${OKR_SANITIZE})
endif()
if(OKR_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

find_package(Threads REQUIRED)
find_package(absl REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
# re2's package adds -pthread, which glibc does not need and with which the shared precompiled headers do not fit.
if(TARGET re2::re2)
  set_property(TARGET re2::re2 PROPERTY INTERFACE_COMPILE_OPTIONS "")
endif()
find_package(PostgreSQL REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(GTest REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)
# TLS to Redis, with hiredis 1.0 or newer (Debian 13).
pkg_check_modules(HIREDIS_SSL hiredis_ssl)
if(NOT HIREDIS_SSL_FOUND)
  message(STATUS "No hiredis_ssl: rediss:// will be refused at start")
endif()
pkg_check_modules(CJOSE REQUIRED IMPORTED_TARGET cjose)
# What services allocate with: they are made of many short-lived messages on many threads. Sanitizers bring their own.
if(NOT OKR_SANITIZE)
  pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
endif()

# Exports spans; Debian 13 has it, and Debian 12 in its backports. See docs/tracing.md.
set(OKR_OPENTELEMETRY AUTO CACHE STRING "Whether to build with opentelemetry-cpp: AUTO (if it is there), ON or OFF")
set_property(CACHE OKR_OPENTELEMETRY PROPERTY STRINGS AUTO ON OFF)
set(OKR_HAS_OPENTELEMETRY OFF)
if(OKR_OPENTELEMETRY STREQUAL "ON")
  find_package(opentelemetry-cpp CONFIG REQUIRED)
elseif(OKR_OPENTELEMETRY STREQUAL "AUTO")
  find_package(opentelemetry-cpp CONFIG QUIET)
elseif(NOT OKR_OPENTELEMETRY STREQUAL "OFF")
  message(FATAL_ERROR "OKR_OPENTELEMETRY is \"${OKR_OPENTELEMETRY}\"; expected AUTO, ON or OFF")
endif()
if(NOT OKR_OPENTELEMETRY STREQUAL "OFF" AND TARGET opentelemetry-cpp::otlp_grpc_exporter)
  set(OKR_HAS_OPENTELEMETRY ON)
  message(STATUS "Spans are exported over OTLP, by opentelemetry-cpp ${OPENTELEMETRY_VERSION}")
elseif(OKR_OPENTELEMETRY STREQUAL "ON")
  message(FATAL_ERROR "opentelemetry-cpp was built without its exporter of OTLP over gRPC")
else()
  message(STATUS "No spans are exported, and --otlp-endpoint is refused: opentelemetry-cpp is not there, or not wanted "
                 "(OKR_OPENTELEMETRY=${OKR_OPENTELEMETRY}; Debian's package is opentelemetry-cpp-dev)")
endif()
