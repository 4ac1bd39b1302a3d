# find_package(Rota) gives the function rota_add_job_module, the directory
# ROTA_MODULE_DIRECTORY where rotad looks for modules, and the target
# Rota::schedule_language, which is the headers and the static library.
include(${CMAKE_CURRENT_LIST_DIR}/RotaTargets.cmake)

set(ROTA_MODULE_DIRECTORY /usr/lib/rota/jobs)

# rota_add_job_module(NAME SOURCES … [LIBRARIES …]): a shared object NAME.so with
# one ROTA_REGISTER_JOBS block.
function(rota_add_job_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT ARG_SOURCES OR ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "rota_add_job_module(${name} ${ARGN}): expected NAME SOURCES file… [LIBRARIES library…]")
  endif()
  add_library(${name} MODULE ${ARG_SOURCES})
  # Hidden, because one process loads many modules.
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX .so CXX_VISIBILITY_PRESET hidden
                                           VISIBILITY_INLINES_HIDDEN ON)
  target_link_libraries(${name} PRIVATE Rota::schedule_language ${ARG_LIBRARIES})
endfunction()
