// The modules of this build.
#pragma once

#include "scripting/script_host.h"

namespace perigee {

// By hand, so that reading it shows what scripts can require.
Modules make_modules();

}  // namespace perigee
