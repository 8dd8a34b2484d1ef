// How long what the scheduler does takes, and how much it has for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "engine/base/clock.h"

namespace perigee {

struct SchedulerOptions {
  Duration load_time{};
  Duration unload_time{};
  Duration pipeline_time{};   // for either way
  size_t loads_at_once = 40;  // the others wait for their turn
  uint32_t server_replicas = 5;
  // What all servers have together.
  uint64_t servers_memory = std::numeric_limits<uint64_t>::max();
};

}  // namespace perigee
