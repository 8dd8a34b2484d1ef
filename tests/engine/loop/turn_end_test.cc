#include "engine/loop/turn_end.h"

#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/loop_fixture.h"

namespace perigee {
namespace {

TEST_CASE("what is armed several times is called once") {
  TurnEnds ends;
  int calls = 0;
  TurnEnd end(ends, [&] { ++calls; });
  end.arm();
  end.arm();
  ends.run();
  CHECK(calls == 1);
  ends.run();
  CHECK(calls == 1);
  end.arm();
  ends.run();
  CHECK(calls == 2);
}

TEST_CASE("what is armed while others are called waits for the next turn") {
  TurnEnds ends;
  std::vector<int> calls;
  TurnEnd second(ends, [&] { calls.push_back(2); });
  TurnEnd first(ends, [&] {
    calls.push_back(1);
    second.arm();
  });
  first.arm();
  ends.run();
  CHECK(calls == std::vector<int>{1});
  CHECK_FALSE(ends.empty());
  ends.run();
  CHECK(calls == std::vector<int>{1, 2});
}

TEST_CASE("one that is destroyed before its turn ends is not called") {
  TurnEnds ends;
  int calls = 0;
  auto doomed = std::make_unique<TurnEnd>(ends, [&] { ++calls; });
  TurnEnd killer(ends, [&] { doomed.reset(); });
  SUBCASE("beforehand") {
    doomed->arm();
    doomed.reset();
  }
  SUBCASE("by one that is called") {
    killer.arm();
    doomed->arm();
  }
  ends.run();
  CHECK(calls == 0);
  CHECK(ends.empty());
}

TEST_CASE_FIXTURE(LoopFixture, "a loop ends its turn before it waits for more events") {
  std::vector<int> order;
  TurnEnd end(loop.turn_ends(), [&] {
    order.push_back(2);
    loop.stop();
  });
  loop.post([&] {
    end.arm();
    order.push_back(1);
  });
  run();
  CHECK(order == std::vector<int>{1, 2});
}

TEST_CASE_FIXTURE(LoopFixture, "what a turn's end arms does not wait for an event") {
  int calls = 0;
  std::unique_ptr<TurnEnd> end;
  end = std::make_unique<TurnEnd>(loop.turn_ends(), [&] {
    if (++calls == 3) return loop.stop();
    end->arm();
  });
  end->arm();
  loop.run();
  CHECK(calls == 3);
}

}  // namespace
}  // namespace perigee
