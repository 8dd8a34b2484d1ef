// What a run needs to know of a script before it starts.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace perigee {

struct ScriptDescription {
  std::string options = "{}";                // as the script returned them: a JSON object
  std::set<std::string> functions;           // what `exec`, setup and teardown may name
  std::set<std::string> values{};            // the names of its other fields
  std::set<std::filesystem::path> opened{};  // see Script
  std::set<std::string> required{};          // see Script
};

}  // namespace perigee
