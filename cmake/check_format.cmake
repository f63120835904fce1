cmake_minimum_required(VERSION 3.25)
# Fails when clang-format would change a C file below ROOT. FOLDERS, between spaces, are the
# folders to read.
separate_arguments(FOLDERS)
set(files "")
foreach(folder IN LISTS FOLDERS)
  file(GLOB_RECURSE found "${ROOT}/${folder}/*.[ch]")
  list(APPEND files ${found})
endforeach()
execute_process(COMMAND "${CLANG_FORMAT}" --dry-run --Werror --style=file ${files}
                RESULT_VARIABLE status)
if(status)
  message(FATAL_ERROR "clang-format -i would change the files named above")
endif()
