// Reads the words after a command's name.
#pragma once

namespace CLI {
class App;
}

namespace perigee {

// Parses the words into what the app declares. Prints the help and returns false if that is what
// was asked for. Throws ConfigError for flags that don't exist, naming the closest one, for those
// of k6 that this version lacks, saying why, and for words too many.
bool parse_command_line(CLI::App& app, int argc, const char* const* argv);

}  // namespace perigee
