// A loop for tests: runs until the test has seen what it waits for, and not for ever.
#pragma once

#include <chrono>

#include <doctest/doctest.h>

#include "engine/loop/loop.h"

namespace perigee {

// Destroying it checks that every handle of the loop was closed: the loop ends the program if not.
class LoopFixture {
 public:
  Loop loop;

  // Runs the loop until something calls `loop.stop()`; the test fails if nothing does.
  void run() {
    bool expired = false;
    Timer guard(loop.timers(), [&] {
      expired = true;
      loop.stop();
    });
    guard.start(loop.now() + std::chrono::seconds(20));
    loop.run();
    CHECK_MESSAGE(!expired, "the loop was not stopped in time");
  }

  // Lets the loop deal with what is there already.
  void turn() {
    for (int i = 0; i < 2; ++i) {
      loop.post([this] { loop.stop(); });
      run();
    }
  }
};

}  // namespace perigee
