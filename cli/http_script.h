// The scenario that does what the flags of `perigee http` say.
#pragma once

#include <string>

#include "cli/http_load.h"

namespace perigee {

// A commented script that `perigee run` takes. Files are read when it is loaded.
std::string http_script(const HttpLoad& load);

}  // namespace perigee
