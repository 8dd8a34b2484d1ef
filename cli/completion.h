// What lets shells complete perigee's command line.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/flag_description.h"

namespace perigee {

// A command as completion sees it.
struct CommandDescription {
  std::string_view name;
  std::string_view help;
  std::vector<FlagDescription> flags;
  std::vector<std::string_view> words;  // what may follow the command; without any, files
};

// A script for bash, to be sourced.
std::string bash_completion(std::span<const CommandDescription> commands);
// A file for a folder of zsh's fpath, to be called _perigee.
std::string zsh_completion(std::span<const CommandDescription> commands);

}  // namespace perigee
