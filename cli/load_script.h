// The part of a scenario's options that says how much load there is and what must hold for it.
#pragma once

#include <string>
#include <string_view>

#include "cli/load.h"

namespace perigee {

// The words of a protocol in the comments.
struct LoadComments {
  std::string_view user = "each has a connection of its own and waits for its answers";
  std::string_view request = "request";
  std::string_view requests = "requests";
  std::string_view connections = "connections";
};

// Lines of Lua for the table M.options.
std::string load_options(const Load& load, const LoadComments& comments = {});

}  // namespace perigee
