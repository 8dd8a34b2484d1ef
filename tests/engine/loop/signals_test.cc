#include "engine/loop/signals.h"

#include <csignal>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/loop_fixture.h"

namespace perigee {
namespace {

TEST_CASE_FIXTURE(LoopFixture, "SIGINT and SIGTERM reach the loop, one call for each") {
  std::vector<int> seen;
  Signals signals(loop, [&](int signal) {
    seen.push_back(signal);
    if (seen.size() == 1) {
      std::raise(SIGTERM);
    } else {
      loop.stop();
    }
  });
  loop.post([] { std::raise(SIGINT); });
  run();
  CHECK(seen == std::vector<int>{SIGINT, SIGTERM});
}

}  // namespace
}  // namespace perigee
