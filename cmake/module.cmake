# module(NAME DEPENDS ... LIBS ... SOURCES ...): one static library per folder.
# DEPENDS drives both the link line and the include check, so they cannot drift.
function(module name)
  cmake_parse_arguments(PARSE_ARGV 1 M "" "" "DEPENDS;LIBS;SOURCES")
  if(NOT M_SOURCES)
    file(TOUCH "${CMAKE_CURRENT_BINARY_DIR}/empty.c")
    set(M_SOURCES "${CMAKE_CURRENT_BINARY_DIR}/empty.c")
  endif()
  add_library(${name} STATIC ${M_SOURCES})
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${M_DEPENDS} PRIVATE ${M_LIBS})
  strict(${name})
  if(BUILD_TESTING)
    add_test(NAME includes.${name}
             COMMAND ${CMAKE_COMMAND} "-DDIR=${CMAKE_CURRENT_SOURCE_DIR}"
                     "-DSELF=${name}" "-DALLOWED=${M_DEPENDS}"
                     -P "${PROJECT_SOURCE_DIR}/cmake/check_includes.cmake")
    set_tests_properties(includes.${name} PROPERTIES LABELS style)
    if(M_SOURCES MATCHES "[.]c(;|$)" AND NOT CMAKE_INTERPROCEDURAL_OPTIMIZATION) # LTO objects say little
      add_test(NAME circles.${name}
               COMMAND ${CMAKE_COMMAND} "-DNM=${CMAKE_NM}" "-DLIBRARY=$<TARGET_FILE:${name}>"
                       -P "${PROJECT_SOURCE_DIR}/cmake/check_circles.cmake")
      set_tests_properties(circles.${name} PROPERTIES LABELS style)
    endif()
  endif()
endfunction()

function(strict target)
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wshadow -Wvla -Wpointer-arith -Wwrite-strings -Wformat=2
    -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wcast-qual
    -Wimplicit-fallthrough -Wswitch-enum
    -Wno-missing-field-initializers) # tables leave out what is zero
endfunction()
