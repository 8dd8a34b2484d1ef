#include "engine/base/cpu_usage.h"

#include <ctime>
#include <fstream>
#include <string>

namespace perigee {

Duration thread_cpu_time() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

CpuThrottling cpu_throttling(const std::filesystem::path& cgroup_root) {
  CpuThrottling read;
  for (const char* name : {"cpu.stat", "cpu/cpu.stat"}) {
    std::ifstream file(cgroup_root / name);
    std::string key;
    for (uint64_t value = 0; file >> key >> value;) {
      if (key == "nr_periods") read.periods = value;
      if (key == "nr_throttled") read.throttled = value;
    }
    if (read.periods > 0) break;
  }
  return read;
}

}  // namespace perigee
