// What environment variables say.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/execution/option_layers.h"
#include "engine/output/variables.h"

namespace perigee {

using Environment = std::map<std::string, std::string>;

// Of this process.
Environment process_environment();

// PERIGEE_NAME, or K6_NAME where that is not set; an empty one counts as not set.
std::optional<Variable> find_variable(const Environment& environment, std::string_view name);

// All variables whose names behind PERIGEE_ or K6_ begin so, by these; as `find_variable` finds
// them.
std::map<std::string, Variable> find_variables(const Environment& environment,
                                               std::string_view prefix);

// The settings of one place: the options of a run, and those of the command itself.
struct WrittenSettings {
  OptionLayer options;
  OptionLayer command;
};

// Reads the variables of all settings. Throws ConfigError that names the variable for malformed
// values and for settings that this version does not have.
WrittenSettings settings_of_environment(const Environment& environment);

// About variables that look like a misspelt PERIGEE_X or K6_X.
std::vector<std::string> misspelt_variables(const Environment& environment);

}  // namespace perigee
