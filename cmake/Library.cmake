# perigee_library(NAME SOURCES a.cc ... [PUBLIC dep ...] [PRIVATE dep ...]): one static library per folder.
function(perigee_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(perigee_${name} STATIC ${arg_SOURCES})
  target_include_directories(perigee_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(perigee_${name} PUBLIC ${arg_PUBLIC} PRIVATE perigee_warnings ${arg_PRIVATE})
endfunction()

# perigee_test(NAME SOURCES a_test.cc ... LINK dep ... [LABELS label ...] [PEER name] [WATCHES path ...]
# [TIMEOUT s]): one doctest binary, one CTest entry. With PEER it runs inside tests/peers/with_NAME,
# which starts the real system and says in the environment where it is; it is skipped where that
# cannot be had. The target LABEL_tests builds the tests of a label alone. WATCHES are beginnings of
# paths whose change concerns the test, beside its own sources, what they include and the folder that
# it mirrors: cmake/scripts/choose reads them from its labels.
function(perigee_test name)
  cmake_parse_arguments(arg "" "TIMEOUT;PEER" "SOURCES;LINK;LABELS;WATCHES" ${ARGN})
  add_executable(${name}_test ${arg_SOURCES})
  target_link_libraries(${name}_test PRIVATE perigee_warnings perigee_doctest_main ${arg_LINK})
  # What a test checks is built as it is shipped; optimising the checks takes as long as building that.
  target_compile_options(${name}_test PRIVATE -O0)
  file(RELATIVE_PATH mirrored ${PROJECT_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  if(arg_PEER)
    set(wrapper ${PROJECT_SOURCE_DIR}/tests/peers/with_${arg_PEER})
    list(APPEND arg_WATCHES tests/peers/with_${arg_PEER} tests/peers/${arg_PEER})
  else()
    list(APPEND arg_WATCHES ${mirrored}/ tests/${mirrored}/)
  endif()
  list(TRANSFORM arg_WATCHES PREPEND watches:)
  add_test(NAME ${name} COMMAND ${wrapper} $<TARGET_FILE:${name}_test>
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(PERIGEE_SANITIZE) # everything is several times slower
    math(EXPR arg_TIMEOUT "4 * ${arg_TIMEOUT}")
  endif()
  set_tests_properties(${name} PROPERTIES
    TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS};${arg_WATCHES}" SKIP_RETURN_CODE 77)
  foreach(label ${arg_LABELS})
    if(NOT TARGET ${label}_tests)
      add_custom_target(${label}_tests)
    endif()
    add_dependencies(${label}_tests ${name}_test)
  endforeach()
endfunction()

# perigee_embed_lua(VARIABLE HEADER FUNCTION file.lua ...): sets VARIABLE to a generated C++ file that
# defines FUNCTION, declared in HEADER, from a file's name to its text.
function(perigee_embed_lua variable header function)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DHEADER=${header} -DFUNCTION=${function}
            "-DFILES=${ARGN}" -P ${PROJECT_SOURCE_DIR}/cmake/EmbedLua.cmake
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/EmbedLua.cmake
    VERBATIM)
  set(${variable} ${output} PARENT_SCOPE)
endfunction()

# perigee_embed_protos(VARIABLE HEADER FUNCTION FOLDER file.proto ...): sets VARIABLE to a generated C++ file that defines
# FUNCTION, declared in HEADER: all of these files, by their paths below FOLDER.
function(perigee_embed_protos variable header function folder)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DHEADER=${header} -DFUNCTION=${function} -DFOLDER=${folder}
            "-DFILES=${ARGN}" -P ${PROJECT_SOURCE_DIR}/cmake/EmbedProtos.cmake
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/EmbedProtos.cmake
    VERBATIM)
  set(${variable} ${output} PARENT_SCOPE)
endfunction()

# perigee_embed_files(VARIABLE HEADER NAMESPACE FUNCTION file ...): sets VARIABLE to a generated C++ file that defines
# FUNCTION, declared in HEADER, from a file's name with its ending to its text.
function(perigee_embed_files variable header namespace function)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DHEADER=${header} -DNAMESPACE=${namespace} -DFUNCTION=${function}
            "-DFILES=${ARGN}" -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    VERBATIM)
  set(${variable} ${output} PARENT_SCOPE)
endfunction()
