// An open model keeps its schedule: every arrival comes, none too many.
#include <doctest/doctest.h>

#include "tests/process/accounting.h"

namespace perigee {
namespace {

// How far the first arrival at the target is from the last.
double seconds_between_ends(const TargetProcess& target) {
  const auto arrivals = target.stats("/bytes/{n}")["arrivals_ns"].get<std::vector<int64_t>>();
  return static_cast<double>(arrivals.back() - arrivals.front()) / 1e9;
}

}  // namespace

TEST_CASE("1000 iterations a second for 5 seconds are exactly 5000 arrivals") {
  const TargetProcess target({"--max-arrivals", "10000"});
  ScriptRun run(load_script(target.url(),
                            "executor = 'constant-arrival-rate', rate = 1000, duration = '5s', "
                            "preAllocatedVUs = 100, maxVUs = 3000",
                            "get('/bytes/{n}', 50)"),
                {"--workers", "2"});
  REQUIRE(run.exit_code() == 0);
  check_books(run, target);
  CHECK(target.requests() == 5000);
  CHECK(run.count("iterations") == 5000);
  CHECK(run.count("dropped_iterations") == 0);
  // The last is due 4.999 s after the first; a busy machine may start late.
  CHECK(seconds_between_ends(target) > 4);
  CHECK(run.count("iteration_start_delay") == 5000);
}

TEST_CASE("a fractional rate is kept, too") {
  const TargetProcess target;
  ScriptRun run(load_script(target.url(),
                            "executor = 'constant-arrival-rate', rate = 2.5, timeUnit = '100ms', "
                            "duration = '1s', preAllocatedVUs = 5, maxVUs = 50",
                            "get('/bytes/{n}', 50)"),
                {"--workers", "2"});
  REQUIRE(run.exit_code() == 0);
  check_books(run, target);
  CHECK(target.requests() == 25);
}

}  // namespace perigee
