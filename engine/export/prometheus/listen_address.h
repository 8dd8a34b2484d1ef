// Where a scrape endpoint listens, as people write it.
#pragma once

#include <string>
#include <string_view>

#include "engine/net/address.h"

namespace perigee::exports {

// Reads ":9464" (all addresses of this machine), "9464", "127.0.0.1:9464", "[::1]:0", "localhost",
// or nothing. 127.0.0.1 and 9464 stand for what is left out. Throws ConfigError that says what is
// wrong.
Address parse_listen_address(std::string_view text);

}  // namespace perigee::exports
