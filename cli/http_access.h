// How `perigee http` reaches its server, from its flags.
#pragma once

#include "cli/http_load.h"
#include "engine/execution/json_reader.h"

namespace perigee {

// Puts version, proxy and certificates into the load, whose URL must be there. Throws ConfigError
// naming the flag that is wrong or does not go with the URL.
void read_access(const JsonReader& flags, HttpLoad& load);

}  // namespace perigee
