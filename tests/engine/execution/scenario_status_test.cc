#include "engine/execution/scenario_status.h"

#include <doctest/doctest.h>

#include "tests/engine/execution/executor_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

// A scenario of ten iterations, of which some have ended.
struct Shared {
  explicit Shared(uint64_t completed, uint64_t failed = 0) {
    progress.completed = completed;
    for (uint64_t i = 0; i < failed; ++i)
      progress.record_failure("no token");
  }
  ScenarioStatus status(LoadState load) const {
    return scenario_status(scenario("s", SharedIterations{.vus = 1, .iterations = 10}), {},
                           progress, 5s, load);
  }

  ScenarioProgress progress{1};
};

TEST_CASE("what the run's end cuts short has failed, what was complete has not") {
  CHECK(Shared(4).status(LoadState::kCutShort).failed);
  CHECK(Shared(0).status(LoadState::kCutShort).failed);
  CHECK_FALSE(Shared(10).status(LoadState::kCutShort).failed);
  CHECK_FALSE(Shared(4).status(LoadState::kComplete).failed);
  CHECK(Shared(4).status(LoadState::kComplete).done);
}

TEST_CASE("a scenario has failed when all of its iterations have, and that is seen at its end") {
  CHECK(Shared(10, 10).status(LoadState::kGoesOn).failed);
  CHECK_FALSE(Shared(10, 9).status(LoadState::kComplete).failed);
  CHECK_FALSE(Shared(4, 4).status(LoadState::kGoesOn).failed);
  CHECK(Shared(4, 4).status(LoadState::kComplete).failed);
}

}  // namespace
}  // namespace perigee
