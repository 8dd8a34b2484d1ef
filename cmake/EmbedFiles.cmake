# Writes OUTPUT: a C++ file that holds the files FILES by their names with the endings, for the function FUNCTION of the
# namespace NAMESPACE that HEADER declares.
set(entries "")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  file(READ ${file} text)
  string(APPEND entries "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

#include <cstdlib>
#include <utility>

namespace ${NAMESPACE} {
namespace {

constexpr std::pair<std::string_view, std::string_view> kFiles[] = {
${entries}};

}  // namespace

std::string_view ${FUNCTION}(std::string_view name) {
  for (const auto& [known, text] : kFiles) {
    if (known == name) return text;
  }
  std::abort();
}

}  // namespace ${NAMESPACE}
")
