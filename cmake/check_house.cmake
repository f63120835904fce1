cmake_minimum_required(VERSION 3.25)
# Fails when a C file below ROOT calls what the house has banned, is longer than 600 lines or
# has a line over 100 columns or a banner. FOLDERS, between spaces, are the folders to read.
set(lines_max 600)
set(columns_max 100)
# Calls that cannot be told how much room there is, that keep hidden state, that cannot report
# a bad number, or that hand text to a shell.
set(banned strcpy stpcpy strcat strncat sprintf vsprintf strncpy strtok atoi atol atoll atof gets
           alloca system popen
    cmocka_unit_test # TEST() of tests/test.h: a CHECK that fails must fail the test
)
list(JOIN banned "|" banned)

# line_of(CONTENT TEXT RET): the number of the line where TEXT stands.
function(line_of content text ret)
  string(FIND "${content}" "${text}" at)
  string(SUBSTRING "${content}" 0 ${at} before)
  string(REGEX MATCHALL "\n" ends "${before}")
  list(LENGTH ends n)
  math(EXPR n "${n} + 1")
  set(${ret} ${n} PARENT_SCOPE)
endfunction()

separate_arguments(FOLDERS)
set(files "")
foreach(folder IN LISTS FOLDERS)
  file(GLOB_RECURSE found "${ROOT}/${folder}/*.[ch]")
  if(NOT found)
    message(FATAL_ERROR "${ROOT}/${folder}: no C files: the check would prove nothing")
  endif()
  list(APPEND files ${found})
endforeach()

math(EXPR at_least "${columns_max} + 1")
set(bad "")
foreach(f IN LISTS files)
  file(READ "${f}" content)
  string(REGEX MATCHALL "\n" ends "${content}")
  list(LENGTH ends n)
  if(n GREATER lines_max)
    string(APPEND bad "  ${f}: ${n} lines: split it (at most ${lines_max})\n")
  endif()
  file(STRINGS "${f}" long LENGTH_MINIMUM ${at_least} ENCODING UTF-8)
  foreach(line IN LISTS long)
    # A run of bytes beyond ASCII counts as one column: clang-format measures those exactly.
    string(REGEX REPLACE "[^\t -~]+" "x" shown "${line}")
    string(LENGTH "${shown}" columns)
    if(columns GREATER columns_max)
      line_of("${content}" "${line}" n)
      string(APPEND bad "  ${f}:${n}: ${columns} columns (at most ${columns_max})\n")
    endif()
  endforeach()
  file(STRINGS "${f}" calls REGEX "(^|[^A-Za-z0-9_])(${banned})[ \t]*\\(" ENCODING UTF-8)
  foreach(line IN LISTS calls)
    line_of("${content}" "${line}" n)
    string(APPEND bad "  ${f}:${n}: banned call: ${line}\n")
  endforeach()
  file(STRINGS "${f}" banners REGEX "^ */[*/] ?(---|===|[*][*][*])" ENCODING UTF-8)
  foreach(line IN LISTS banners)
    line_of("${content}" "${line}" n)
    string(APPEND bad "  ${f}:${n}: a banner: ${line}\n")
  endforeach()
endforeach()
# Indented, so that CMake shows the lines as they are.
if(bad)
  message(FATAL_ERROR "\n${bad}")
endif()
