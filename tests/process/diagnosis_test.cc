// A run tells when it was itself the limit.
#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {

TEST_CASE("a script that keeps its one worker from its loop is told so in the summary") {
  ScriptRun run(
      "local perigee = require 'perigee'\n"
      "return { options = { vus = 3, duration = '2s' }, default = function()\n"
      "  local start = os.clock()\n"
      "  while os.clock() - start < 0.08 do end\n"
      "  perigee.sleep(0.001)\n"
      "end }",
      {"--workers", "1"});
  CHECK(run.exit_code() == 0);
  CHECK(run.out().find("! The load generator was the limit, not the target: ") !=
        std::string::npos);
  // One a second and one for the rest; the raw output has them too.
  CHECK(run.count("worker_busy") >= 2);
  CHECK(run.csv().rows("worker_busy") == run.count("worker_busy"));
  CHECK(run.csv().rows("loop_lag") == run.count("loop_lag"));
}

}  // namespace perigee
