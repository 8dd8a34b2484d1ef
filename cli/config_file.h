// The configuration file: options that lie below those of the script.
#pragma once

#include <string>

#include "engine/execution/option_layers.h"

namespace perigee {

// Reads the file `named`, or without a name perigee.yaml or perigee.json of the current folder
// if one of them is there. Throws ConfigError if it can't be read, is neither JSON nor YAML, or if
// both are there.
OptionLayer read_config_file(const std::string& named);

}  // namespace perigee
