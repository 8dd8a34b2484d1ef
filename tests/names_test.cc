// A name of the program's is defined once: two classes that share one are one to the linker, which
// takes the constructors and destructors of either.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace perigee {
namespace {

// Files by their paths.
using Headers = std::map<std::string, std::vector<std::string>>;

Headers headers_of_program() {
  Headers headers;
  for (const char* folder : {"cli", "engine", "modules", "scripting", "target"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".h") continue;
      std::ifstream file(entry.path());
      std::vector<std::string>& lines = headers[entry.path().string()];
      for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    }
  }
  return headers;
}

// "names in files" for each class, struct or enum at the top of a namespace that two headers have.
std::vector<std::string> defined_twice(const Headers& headers) {
  static const std::regex kNamespace(R"(namespace ([\w:]+) \{)");
  static const std::regex kType(
      R"((?:class|struct|enum class|enum) (\w+)( final)?( :.*)?( \{.*)?)");
  std::map<std::string, std::string> known;
  std::vector<std::string> twice;
  for (const auto& [path, lines] : headers) {
    std::string space;
    std::smatch found;
    for (const std::string& line : lines) {
      if (std::regex_match(line, found, kNamespace)) space = found[1];
      if (!std::regex_match(line, found, kType)) continue;
      const auto [at, is_new] = known.emplace(fmt::format("{}::{}", space, found[1].str()), path);
      if (!is_new) twice.push_back(fmt::format("{} in {} and {}", at->first, at->second, path));
    }
  }
  return twice;
}

TEST_CASE("no two headers of the program define a type of one name") {
  const Headers headers = headers_of_program();
  REQUIRE(headers.size() > 100);
  CHECK(fmt::format("{}", fmt::join(defined_twice(headers), "\n")) == "");
}

TEST_CASE("a type that is defined twice is named with both headers") {
  const Headers headers{{"a.h", {"namespace perigee {", "struct Part {", "};", "}"}},
                        {"b.h", {"namespace perigee {", "class Part;", "class Part final : X {"}},
                        {"c.h", {"namespace perigee::room {", "struct Part {"}},
                        {"d.h", {"namespace perigee {", "  struct Part {", "class Part;"}}};
  CHECK(defined_twice(headers) == std::vector<std::string>{"perigee::Part in a.h and b.h"});
}

}  // namespace
}  // namespace perigee
