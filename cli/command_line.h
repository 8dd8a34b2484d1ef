// Reads the words after a command's name.
#pragma once

#include <span>

#include "cli/setting.h"

namespace CLI {
class App;
}

namespace perigee {

// Parses the words into what the app declares. Prints the help and returns false if that is what
// was asked for. Throws ConfigError for flags that don't exist, naming the closest one, for those
// that are `refused` because this version lacks them, saying why, and for words too many.
bool parse_command_line(CLI::App& app, int argc, const char* const* argv,
                        std::span<const RefusedSetting> refused = refused_settings());

}  // namespace perigee
