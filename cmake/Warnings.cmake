# The warnings every target of the project is built with. Two of GCC's are left out where they are wrong:
# -Wrestrict about `"text" + std::string` (GCC 12), -Wmaybe-uninitialized about the standard library's
# own code when sanitizers are in it.
add_library(perigee_warnings INTERFACE)
target_compile_options(perigee_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${PERIGEE_WERROR}>:-Werror>)
if(PERIGEE_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(perigee_warnings INTERFACE -Wno-maybe-uninitialized)
endif()
