// What a second signal does.
#pragma once

#include "engine/base/log.h"

namespace perigee {

// Ends the process with exit code 105 without finishing anything.
[[noreturn]] void end_at_once(Log& log);

}  // namespace perigee
