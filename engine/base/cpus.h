// How many CPUs this process may use.
#pragma once

#include <filesystem>

namespace perigee {

// The lesser of the CPU affinity and the cgroup's quota (v1 or v2), rounded up; at least 1.
// `cgroup_root` is where the cgroup file system is mounted.
int usable_cpus(const std::filesystem::path& cgroup_root = "/sys/fs/cgroup");

}  // namespace perigee
