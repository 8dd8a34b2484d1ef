// Options about names and addresses from their JSON.
#pragma once

#include "engine/execution/json_reader.h"
#include "engine/net/net_options.h"

namespace perigee {

// Reads dns, hosts, blacklistIPs, blockHostnames and localIPs; what is not there keeps its default.
// Throws ConfigError naming the key.
NetOptions read_net_options(const JsonReader& options);

}  // namespace perigee
