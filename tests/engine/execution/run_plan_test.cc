#include "engine/execution/run_plan.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

TEST_CASE("the tags of the run are those of the options") {
  Options options;
  options.tags = {{"build", "42"}, {"stage", "ci"}};
  CHECK(run_tags(options) == TagSet{{"build", "42"}, {"stage", "ci"}});
}

TEST_CASE("the counts of a run are the sums over its scenarios") {
  RunState state(2, 1);
  state.progress[0].completed = 3;
  state.progress[1].completed = 4;
  state.progress[1].interrupted = 2;
  CHECK(state.iterations_completed() == 7);
  CHECK(state.iterations_interrupted() == 2);
}

TEST_CASE("at work are VUs that loop, and those that have an arrival") {
  RunState state(2, 1);
  state.vus_looping = 3;
  state.progress[0].active = 2;  // of the three
  state.progress[1].is_open = true;
  state.progress[1].active = 4;
  CHECK(state.vus_active() == 7);
}

}  // namespace
}  // namespace perigee
