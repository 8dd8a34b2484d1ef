// The flags of a command as the completion of shells needs them.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace perigee {

struct FlagDescription {
  std::vector<std::string> names;  // "-u", "--vus"
  std::string value;  // what the help calls the value, "a|b" if words; empty: there is none
  std::string help;
};

// Those that the app declares, --help included.
std::vector<FlagDescription> describe_flags(const CLI::App& app);

}  // namespace perigee
