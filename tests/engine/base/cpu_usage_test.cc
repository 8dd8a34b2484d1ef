#include "engine/base/cpu_usage.h"

#include <fstream>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

TEST_CASE("a thread that computes uses CPU time") {
  const Duration before = thread_cpu_time();
  uint64_t sum = 0;
  while (thread_cpu_time() - before < std::chrono::milliseconds(2))
    ++sum;
  CHECK(sum > 0);
  CHECK(thread_cpu_time() - before >= std::chrono::milliseconds(2));
}

TEST_CASE("throttling is read from either version of the cgroup file system") {
  const ScratchFolder v2;
  std::ofstream(v2 / "cpu.stat") << "usage_usec 12\nnr_periods 200\nnr_throttled 14\n"
                                    "throttled_usec 900\n";
  CHECK(cpu_throttling(v2 / "").periods == 200);
  CHECK(cpu_throttling(v2 / "").throttled == 14);
  const ScratchFolder v1;
  std::filesystem::create_directory(v1 / "cpu");
  std::ofstream(v1 / "cpu/cpu.stat") << "nr_periods 7\nnr_throttled 3\nthrottled_time 5\n";
  CHECK(cpu_throttling(v1 / "").periods == 7);
  CHECK(cpu_throttling(v1 / "").throttled == 3);
}

TEST_CASE("without a quota nothing is throttled") {
  const ScratchFolder empty;
  CHECK(cpu_throttling(empty / "").periods == 0);
  CHECK(cpu_throttling(empty / "").throttled == 0);
}

TEST_CASE("what was throttled in between is a difference") {
  const CpuThrottling earlier{100, 5};
  const CpuThrottling later{150, 9};
  CHECK(later.since(earlier).periods == 50);
  CHECK(later.since(earlier).throttled == 4);
}

}  // namespace
}  // namespace perigee
