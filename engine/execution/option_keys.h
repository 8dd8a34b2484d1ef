// The names of the options there are, and why some of k6's are not among them.
#pragma once

#include <span>
#include <string_view>

#include "engine/execution/json_reader.h"

namespace perigee {

// All keys that `parse_options` reads, in the order in which docs/options.md explains them.
std::span<const std::string_view> option_keys();

// Whether somebody who writes this name may mean an option: it is one but for case and underscores,
// or a long one that is misspelt.
bool resembles_option(std::string_view name);

// Throws ConfigError for a key that does not exist, naming the closest one, and for one of k6's
// that this version cannot act on, saying why. A value that asks for nothing (null, false) passes.
void check_option_keys(const JsonReader& options);

}  // namespace perigee
