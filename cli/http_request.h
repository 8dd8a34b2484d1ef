// The request of `perigee http` from its flags.
#pragma once

#include <string>

#include "cli/http_load.h"
#include "engine/execution/json_reader.h"

namespace perigee {

// Puts URL, method, headers and body into the load, by curl's rules: a body makes it a POST and a
// form, unless flags say otherwise. A body from standard input is read. Throws ConfigError naming
// the flag.
void read_request(const std::string& url, const JsonReader& flags, HttpLoad& load);

}  // namespace perigee
