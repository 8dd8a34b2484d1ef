#include "engine/base/cpus.h"

#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <sched.h>
#include <unistd.h>

namespace perigee {
namespace {

// A folder that looks like a mounted cgroup file system.
class CgroupFolder {
 public:
  CgroupFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "perigee-cgroup-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~CgroupFolder() { std::filesystem::remove_all(path_); }
  CgroupFolder(const CgroupFolder&) = delete;
  CgroupFolder& operator=(const CgroupFolder&) = delete;

  void write(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file) << text;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

int cpus_by_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  REQUIRE(sched_getaffinity(0, sizeof set, &set) == 0);
  return CPU_COUNT(&set);
}

// Restricts this thread to one CPU and gives all of them back at the end.
class OneCpu {
 public:
  OneCpu() {
    REQUIRE(sched_getaffinity(0, sizeof before_, &before_) == 0);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu) {
      if (CPU_ISSET(cpu, &before_)) CPU_SET(cpu, &one);
    }
    REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  }
  ~OneCpu() { sched_setaffinity(0, sizeof before_, &before_); }
  OneCpu(const OneCpu&) = delete;
  OneCpu& operator=(const OneCpu&) = delete;

 private:
  cpu_set_t before_{};
};

TEST_CASE("without a quota every CPU of the affinity is usable") {
  const CgroupFolder none;
  CHECK(usable_cpus(none.path()) == cpus_by_affinity());

  const CgroupFolder unlimited;
  unlimited.write("cpu.max", "max 100000\n");
  CHECK(usable_cpus(unlimited.path()) == cpus_by_affinity());
}

TEST_CASE("a cgroup v2 quota lowers the number of usable CPUs") {
  const CgroupFolder cgroup;
  cgroup.write("cpu.max", "100000 100000\n");
  CHECK(usable_cpus(cgroup.path()) == 1);
}

TEST_CASE("a cgroup v1 quota lowers the number of usable CPUs") {
  const CgroupFolder cgroup;
  cgroup.write("cpu/cpu.cfs_quota_us", "100000\n");
  cgroup.write("cpu/cpu.cfs_period_us", "100000\n");
  CHECK(usable_cpus(cgroup.path()) == 1);
}

TEST_CASE("a cgroup v1 quota of -1 is no quota") {
  const CgroupFolder cgroup;
  cgroup.write("cpu/cpu.cfs_quota_us", "-1\n");
  cgroup.write("cpu/cpu.cfs_period_us", "100000\n");
  CHECK(usable_cpus(cgroup.path()) == cpus_by_affinity());
}

TEST_CASE("part of a CPU counts as one") {
  const CgroupFolder cgroup;
  cgroup.write("cpu.max", "25000 100000\n");
  CHECK(usable_cpus(cgroup.path()) == 1);
}

TEST_CASE("a quota of more CPUs than there are changes nothing") {
  const CgroupFolder cgroup;
  cgroup.write("cpu.max", "409600000 100000\n");
  CHECK(usable_cpus(cgroup.path()) == cpus_by_affinity());
}

TEST_CASE("a process bound to one CPU may use one") {
  const CgroupFolder none;
  const OneCpu bound;
  CHECK(usable_cpus(none.path()) == 1);
}

}  // namespace
}  // namespace perigee
