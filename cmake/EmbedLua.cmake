# Writes OUTPUT: a C++ file that holds the Lua files FILES by their names, for the function FUNCTION
# that HEADER declares.
set(entries "")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(APPEND entries "    {\"${name}\", R\"lua(${text})lua\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

#include <cstdlib>
#include <utility>

namespace perigee {
namespace {

constexpr std::pair<std::string_view, std::string_view> kSources[] = {
${entries}};

}  // namespace

std::string_view ${FUNCTION}(std::string_view name) {
  for (const auto& [known, text] : kSources) {
    if (known == name) return text;
  }
  std::abort();
}

}  // namespace perigee
")
