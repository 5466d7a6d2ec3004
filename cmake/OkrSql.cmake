# okr_embed_sql(NAME NAMESPACE okr::x::sql DIRECTORY sql [FILES other.sql ...])
#   A library NAME whose header "NAME.h" holds one `inline constexpr absl::string_view kFileName` for each
#   DIRECTORY/file_name.sql and each of FILES (paths from the top of the repository), and `kAllFiles` with (file name without ending, text) of each, in the order of names.
function(okr_embed_sql NAME)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "NAMESPACE;DIRECTORY" "FILES")
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_DIRECTORY}/*.sql)
  foreach(file IN LISTS ARG_FILES)
    list(APPEND files ${PROJECT_SOURCE_DIR}/${file})
  endforeach()
  set(header ${PROJECT_BINARY_DIR}/gen/sql/${NAME}.h)
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${header} -DNAMESPACE=${ARG_NAMESPACE} "-DFILES=${files}"
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedSql.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/EmbedSql.cmake
    VERBATIM)
  add_custom_target(${NAME}_header DEPENDS ${header})
  add_library(${NAME} INTERFACE)
  add_dependencies(${NAME} ${NAME}_header)
  target_include_directories(${NAME} INTERFACE ${PROJECT_BINARY_DIR}/gen/sql)
endfunction()
