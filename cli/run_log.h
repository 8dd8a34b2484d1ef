// The log of `perigee run` as its flags want it.
#pragma once

#include "cli/run_flags.h"
#include "engine/base/log.h"

namespace perigee {

// Opens what has to be opened. Secrets of the environment stay out of it, also where scripts don't
// see the environment. Throws ConfigError.
Log::Settings run_log_settings(const RunFlags& flags, const Environment& environment);

}  // namespace perigee
