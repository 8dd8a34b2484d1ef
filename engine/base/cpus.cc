#include "engine/base/cpus.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>

#include <sched.h>

namespace perigee {
namespace {

int affinity_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

int whole_cpus(double quota, double period) {
  if (quota <= 0 || period <= 0) return std::numeric_limits<int>::max();
  return std::max(1, static_cast<int>(std::ceil(quota / period)));
}

// cgroup v2: "max 100000" or "150000 100000".
int quota_v2(const std::filesystem::path& root) {
  std::ifstream file(root / "cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max") return std::numeric_limits<int>::max();
  return whole_cpus(std::strtod(quota.c_str(), nullptr), period);
}

int quota_v1(const std::filesystem::path& root) {
  double quota = 0;
  double period = 0;
  std::ifstream(root / "cpu/cpu.cfs_quota_us") >> quota;
  std::ifstream(root / "cpu/cpu.cfs_period_us") >> period;
  return whole_cpus(quota, period);
}

}  // namespace

int usable_cpus(const std::filesystem::path& cgroup_root) {
  return std::min({affinity_cpus(), quota_v2(cgroup_root), quota_v1(cgroup_root)});
}

}  // namespace perigee
