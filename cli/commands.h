// The commands there are.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/flag_description.h"

namespace perigee {

struct Command {
  std::string_view name;
  std::string_view arguments;  // as the help shows them
  std::string_view help;
  // Gets the words from the command's name on; returns the program's exit code.
  int (*run)(int argc, const char* const* argv);
  std::vector<FlagDescription> (*flags)();
};

std::span<const Command> commands();

// Runs the command that the first word names. Throws ConfigError, naming the closest one, if there
// is none.
int run_named_command(int argc, const char* const* argv);

}  // namespace perigee
