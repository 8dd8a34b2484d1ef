// What raw rows say of a sample beside its tags.
#pragma once

#include "engine/metrics/shard.h"

namespace perigee {

// What the script has set, and the system's `vu` and `iter` where they are wanted and the script
// has not set them itself.
Metadata all_metadata(const SampleSource& source, bool vu, bool iteration);

}  // namespace perigee
