// The scenario that does what the flags of `perigee infer` say.
#pragma once

#include <string>

#include "cli/infer/load.h"

namespace perigee {

// A commented script that `perigee run` takes.
std::string infer_script(const InferLoad& load);

}  // namespace perigee
