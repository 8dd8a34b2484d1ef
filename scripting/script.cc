#include "scripting/script.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {

std::string read_file(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) {
    throw ConfigError(fmt::format("cannot read {}: it is a folder", path.string()));
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf(), file)) {
    // An empty file leaves the stream failed, too.
    if (file.is_open()) return text.str();
    throw ConfigError(fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
  }
  return text.str();
}

namespace {

void refuse_javascript(const std::string& path) {
  for (const char* ending : {".js", ".mjs", ".ts", ".tar"}) {
    if (!path.ends_with(ending)) continue;
    throw ConfigError(fmt::format(
        "{}: scenarios are Lua files here, not k6's JavaScript; perigee help from-k6 says how each "
        "part is written, and perigee new writes a scenario to start from",
        path));
  }
}

}  // namespace

Script load_script(const std::string& path, std::map<std::string, std::string> env) {
  Script script;
  const bool piped = path == "-";
  refuse_javascript(path);
  script.path = piped ? "stdin" : path;
  script.source = read_file(piped ? "/dev/stdin" : path);
  if (!piped) script.folder = std::filesystem::path(path).parent_path();
  script.env = std::move(env);
  return script;
}

}  // namespace perigee
