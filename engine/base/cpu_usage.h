// What CPU time the program gets: a thread's own, and what the cgroup's quota withheld.
#pragma once

#include <cstdint>
#include <filesystem>

#include "engine/base/clock.h"

namespace perigee {

// CPU time that the calling thread has used since it began.
Duration thread_cpu_time();

// How often a quota has stopped the processes of a cgroup since the cgroup exists.
struct CpuThrottling {
  uint64_t periods = 0;    // in which something ran
  uint64_t throttled = 0;  // those of them in which the quota was used up

  CpuThrottling since(const CpuThrottling& earlier) const {
    return {periods - earlier.periods, throttled - earlier.throttled};
  }
};

// Reads cpu.stat (v1 or v2); all zero where there is none. `cgroup_root` is where the cgroup file
// system is mounted.
CpuThrottling cpu_throttling(const std::filesystem::path& cgroup_root = "/sys/fs/cgroup");

}  // namespace perigee
