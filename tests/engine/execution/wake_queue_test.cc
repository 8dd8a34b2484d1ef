#include "engine/execution/wake_queue.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

constexpr Instant kNoon{12h};

TEST_CASE("what waits is taken when its instant has come, the earliest first") {
  WakeQueue<char> queue;
  CHECK(queue.next() == std::nullopt);
  queue.add(kNoon + 3s, 'c');
  queue.add(kNoon + 1s, 'a');
  queue.add(kNoon + 2s, 'b');
  CHECK(queue.next() == kNoon + 1s);
  CHECK(queue.take_due(kNoon).empty());
  CHECK(queue.take_due(kNoon + 2s) == std::vector{'a', 'b'});
  CHECK(queue.next() == kNoon + 3s);
  CHECK(queue.take_due(kNoon + 1h) == std::vector{'c'});
  CHECK(queue.next() == std::nullopt);
}

TEST_CASE("what waits for the same instant is taken in the order in which it came") {
  WakeQueue<int> queue;
  for (int i = 0; i < 5; ++i)
    queue.add(kNoon, i);
  CHECK(queue.take_due(kNoon) == std::vector{0, 1, 2, 3, 4});
}

}  // namespace
}  // namespace perigee
