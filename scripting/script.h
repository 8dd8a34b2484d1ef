// The script of a run as text, with what it may know of its surroundings.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace perigee {

// Read once; every worker compiles it for itself.
struct Script {
  std::string path;  // as the user wrote it: error messages name it so
  std::string source;
  std::filesystem::path folder;            // modules and files are looked for here first
  std::map<std::string, std::string> env;  // __ENV
  bool jit = true;
  // What it opened when it was loaded for the first time; no VU may open anything else. Not known
  // before.
  std::optional<std::set<std::filesystem::path>> opened{};
  // The same of modules: names of the program's own, and paths.
  std::optional<std::set<std::string>> required{};
};

// "-" reads standard input, which messages then call "stdin". Throws ConfigError if the file can't
// be read.
Script load_script(const std::string& path, std::map<std::string, std::string> env);

// The text of a file. Throws ConfigError naming it and the reason.
std::string read_file(const std::filesystem::path& path);

}  // namespace perigee
