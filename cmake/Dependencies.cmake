# Every dependency is found here and nowhere else. A missing one is named with its Debian package.
find_package(PkgConfig)
if(NOT PKG_CONFIG_FOUND)
  message(FATAL_ERROR "pkg-config is missing: apt-get install pkg-config (or: make deps)")
endif()

# A library that pkg-config knows, as the target PkgConfig::NAME.
function(perigee_find name module package)
  pkg_check_modules(${name} QUIET IMPORTED_TARGET GLOBAL ${module})
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR "${module} is missing: apt-get install ${package} (or: make deps)")
  endif()
endfunction()

# A library with a CMake package of its own.
macro(perigee_find_package name package)
  find_package(${name} QUIET)
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR "${name} is missing: apt-get install ${package} (or: make deps)")
  endif()
endmacro()

perigee_find(luajit luajit libluajit-5.1-dev)
perigee_find(libuv libuv libuv1-dev)
perigee_find(zlib zlib zlib1g-dev)
perigee_find(libbrotlidec libbrotlidec libbrotli-dev)
perigee_find(libbrotlienc libbrotlienc libbrotli-dev)
perigee_find(libzstd libzstd libzstd-dev)
perigee_find(libcrypto libcrypto libssl-dev)
perigee_find_package(fmt libfmt-dev)
perigee_find_package(nlohmann_json nlohmann-json3-dev)
perigee_find_package(CLI11 libcli11-dev)
perigee_find_package(yaml-cpp libyaml-cpp-dev)
find_package(Llhttp REQUIRED)
find_package(Threads REQUIRED)

if(PERIGEE_TESTS)
  perigee_find_package(doctest doctest-dev)
endif()
