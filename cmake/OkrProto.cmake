# okr_proto(NAME FILES okr/x/v1/a.proto ... [DEPS ...] [GRPC])
#   A library of the C++ code generated from proto files below proto/; with GRPC, of the service stubs too.
#
# OKR_THIRD_PARTY_PROTO is the folder that holds google/api and google/rpc; deploy/local/packages puts the pinned
# package there.
set(OKR_THIRD_PARTY_PROTO ${PROJECT_SOURCE_DIR}/.cache/proto CACHE PATH "Folder with google/api/*.proto")
set(OKR_GEN ${PROJECT_BINARY_DIR}/gen/proto)
if(NOT EXISTS ${OKR_THIRD_PARTY_PROTO}/google/api/annotations.proto)
  message(FATAL_ERROR "google/api/annotations.proto is not below ${OKR_THIRD_PARTY_PROTO}: "
                      "run deploy/local/packages, or set OKR_THIRD_PARTY_PROTO")
endif()
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)

function(okr_proto NAME)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "GRPC" "ROOT" "FILES;DEPS")
  if(NOT ARG_ROOT)
    set(ARG_ROOT ${PROJECT_SOURCE_DIR}/proto)
  endif()
  set(own_root "")
  if(NOT ARG_ROOT STREQUAL "${PROJECT_SOURCE_DIR}/proto" AND NOT ARG_ROOT STREQUAL OKR_THIRD_PARTY_PROTO)
    set(own_root -I ${ARG_ROOT})
  endif()
  set(generated "")
  foreach(file IN LISTS ARG_FILES)
    string(REGEX REPLACE "[.]proto$" "" stem ${file})
    set(outputs ${OKR_GEN}/${stem}.pb.cc ${OKR_GEN}/${stem}.pb.h)
    set(plugin "")
    if(ARG_GRPC)
      list(APPEND outputs ${OKR_GEN}/${stem}.grpc.pb.cc ${OKR_GEN}/${stem}.grpc.pb.h)
      set(plugin --grpc_out=${OKR_GEN} --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN})
    endif()
    add_custom_command(
      OUTPUT ${outputs}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${OKR_GEN}
      COMMAND protobuf::protoc -I ${PROJECT_SOURCE_DIR}/proto -I ${OKR_THIRD_PARTY_PROTO} ${own_root}
              --cpp_out=${OKR_GEN} ${plugin} ${ARG_ROOT}/${file}
      DEPENDS ${ARG_ROOT}/${file}
      VERBATIM)
    list(APPEND generated ${outputs})
  endforeach()
  add_library(${NAME} STATIC ${generated})
  target_include_directories(${NAME} SYSTEM PUBLIC ${OKR_GEN})
  target_link_libraries(${NAME} PUBLIC protobuf::libprotobuf ${ARG_DEPS})
  if(ARG_GRPC)
    target_link_libraries(${NAME} PUBLIC gRPC::grpc++)
  endif()
  target_compile_options(${NAME} PRIVATE -w)
endfunction()
