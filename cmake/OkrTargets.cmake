# okr_library(NAME SOURCES ... DEPS ... [PRIVATE_DEPS ...] [PCH base|grpc])
#   A static library whose headers are included by their path from the top of the repository.
# okr_binary(NAME SOURCES ... DEPS ... [PCH ...])
#   A program, put in ${build}/bin.
# okr_test(NAME LABEL unit|store|contract|e2e SOURCES ... DEPS ... [PCH ...] [TIMEOUT seconds])
#   A GoogleTest program, run by ctest under its label.
#
# Precompiled headers: `base` (standard library and Abseil; default) or `grpc` (base and gRPC).
function(_okr_setup TARGET)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "PCH" "")
  target_include_directories(${TARGET} PUBLIC ${PROJECT_SOURCE_DIR})
  if(NOT ARG_PCH)
    set(ARG_PCH base)
  endif()
  target_precompile_headers(${TARGET} REUSE_FROM okr_pch_${ARG_PCH})
endfunction()

function(okr_library NAME)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "PCH" "SOURCES;DEPS;PRIVATE_DEPS")
  add_library(${NAME} STATIC ${ARG_SOURCES})
  target_link_libraries(${NAME} PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
  _okr_setup(${NAME} PCH ${ARG_PCH})
endfunction()

function(okr_binary NAME)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "PCH" "SOURCES;DEPS")
  add_executable(${NAME} ${ARG_SOURCES})
  target_link_libraries(${NAME} PRIVATE ${ARG_DEPS})
  _okr_setup(${NAME} PCH ${ARG_PCH})
endfunction()

function(okr_test NAME)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "PCH;LABEL;TIMEOUT" "SOURCES;DEPS")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${NAME} ${ARG_SOURCES})
  target_link_libraries(${NAME} PRIVATE ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  _okr_setup(${NAME} PCH ${ARG_PCH})
  set_property(GLOBAL APPEND PROPERTY OKR_TESTS_${ARG_LABEL} ${NAME})
  add_test(NAME ${NAME} COMMAND ${NAME} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${NAME} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()

function(_okr_pch NAME)
  file(WRITE ${PROJECT_BINARY_DIR}/pch/${NAME}.cc "")
  add_library(${NAME} OBJECT ${PROJECT_BINARY_DIR}/pch/${NAME}.cc)
  target_precompile_headers(${NAME} PRIVATE ${ARGN})
endfunction()

set(_okr_pch_std
    <algorithm> <atomic> <chrono> <condition_variable> <cstdint> <functional> <map> <memory> <mutex>
    <optional> <set> <span> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>
    <absl/container/flat_hash_map.h> <absl/status/status.h> <absl/status/statusor.h>
    <absl/strings/str_cat.h> <absl/strings/str_format.h> <absl/strings/str_split.h>
    <absl/strings/str_join.h> <absl/time/time.h>)
_okr_pch(okr_pch_base ${_okr_pch_std})
_okr_pch(okr_pch_grpc ${_okr_pch_std} <grpcpp/grpcpp.h> <google/protobuf/message.h>)
