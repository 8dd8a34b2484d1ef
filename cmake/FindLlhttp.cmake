# llhttp as the target Llhttp::llhttp: the system's library where the distribution has one (Debian 13,
# Ubuntu 24.04: libllhttp-dev), else the C sources that Debian 12's node-llhttp installs, compiled here.
find_path(Llhttp_INCLUDE_DIR llhttp.h PATH_SUFFIXES llhttp PATHS /usr/share/include)
find_library(Llhttp_LIBRARY llhttp)
find_path(Llhttp_SOURCE_DIR llhttp.c PATHS /usr/share/llhttp)

include(FindPackageHandleStandardArgs)
if(Llhttp_LIBRARY)
  find_package_handle_standard_args(Llhttp REQUIRED_VARS Llhttp_LIBRARY Llhttp_INCLUDE_DIR)
else()
  find_package_handle_standard_args(Llhttp
    REQUIRED_VARS Llhttp_SOURCE_DIR Llhttp_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "apt-get install libllhttp-dev, or on Debian 12: node-llhttp (or: make deps)")
endif()

if(Llhttp_FOUND AND NOT TARGET Llhttp::llhttp)
  if(Llhttp_LIBRARY)
    add_library(Llhttp::llhttp UNKNOWN IMPORTED)
    set_target_properties(Llhttp::llhttp PROPERTIES IMPORTED_LOCATION ${Llhttp_LIBRARY})
    target_include_directories(Llhttp::llhttp SYSTEM INTERFACE ${Llhttp_INCLUDE_DIR})
  else()
    add_library(perigee_llhttp STATIC
      ${Llhttp_SOURCE_DIR}/api.c ${Llhttp_SOURCE_DIR}/http.c ${Llhttp_SOURCE_DIR}/llhttp.c)
    target_include_directories(perigee_llhttp SYSTEM PUBLIC ${Llhttp_INCLUDE_DIR})
    target_compile_options(perigee_llhttp PRIVATE -w -O3)
    add_library(Llhttp::llhttp ALIAS perigee_llhttp)
  endif()
endif()
mark_as_advanced(Llhttp_INCLUDE_DIR Llhttp_LIBRARY Llhttp_SOURCE_DIR)
