#include "modules/sync/room.h"

#include <stdexcept>

#include <doctest/doctest.h>

#include "modules/sync/limits.h"
#include "tests/modules/sync/noting_waiter.h"

namespace perigee::sync {

TEST_CASE("a lock goes from one to the next in the order in which they came") {
  Lock lock;
  NotingWaiter first, second, third;
  CHECK(lock.acquire(first, true));
  CHECK_FALSE(lock.acquire(second, true));
  CHECK_FALSE(lock.acquire(third, true));
  lock.release(first.owner);
  CHECK(second.granted);
  CHECK_FALSE(third.granted);
  lock.release(second.owner);
  CHECK(third.granted);
}

TEST_CASE("who shares a lock waits behind one who wants it alone and came before") {
  Lock lock;
  NotingWaiter reader(true), alone, late(true), later(true);
  CHECK(lock.acquire(reader, true));
  CHECK_FALSE(lock.acquire(alone, true));
  CHECK_FALSE(lock.acquire(late, true));
  CHECK_FALSE(lock.acquire(later, true));
  lock.release(reader.owner);
  CHECK(alone.granted);
  CHECK_FALSE(late.granted);
  lock.release(alone.owner);
  CHECK(late.granted);
  CHECK(later.granted);
}

TEST_CASE("those behind one who gives up a lock may share it at once") {
  Lock lock;
  NotingWaiter reader(true), alone, late(true);
  CHECK(lock.acquire(reader, true));
  CHECK_FALSE(lock.acquire(alone, true));
  CHECK_FALSE(lock.acquire(late, true));
  CHECK(lock.withdraw(alone));
  CHECK(late.granted);
  CHECK_FALSE(lock.withdraw(late));
}

TEST_CASE("a lock that was granted to one who is gone goes to the next") {
  Lock lock;
  NotingWaiter first, gone, next;
  CHECK(lock.acquire(first, true));
  CHECK_FALSE(lock.acquire(gone, true));
  CHECK_FALSE(lock.acquire(next, true));
  lock.release(first.owner);
  REQUIRE_FALSE(lock.withdraw(gone));
  lock.give_back(gone);
  CHECK(next.granted);
}

TEST_CASE("a lock refuses who has it already and who does not have it") {
  Lock lock;
  NotingWaiter one, other(true);
  CHECK(lock.acquire(one, true));
  CHECK_THROWS_AS(lock.acquire(one, true), std::runtime_error);
  CHECK_THROWS_AS(lock.release(other.owner), std::runtime_error);
  CHECK_FALSE(lock.acquire(other, false));
  lock.release(one.owner);
  CHECK_FALSE(other.granted);
}

TEST_CASE("all go on from a barrier when the last has come, and it begins anew") {
  Barrier barrier(3);
  for (int round = 0; round < 2; ++round) {
    NotingWaiter first, second, last;
    CHECK_FALSE(barrier.arrive(first, true));
    CHECK_FALSE(barrier.arrive(second, true));
    CHECK_FALSE(first.granted);
    CHECK(barrier.arrive(last, true) == 3);
    CHECK(first.place == 1);
    CHECK(second.place == 2);
    CHECK(second.granted);
  }
}

TEST_CASE("who has left a barrier is not counted") {
  Barrier barrier(2);
  NotingWaiter gone, impatient, first, last;
  CHECK_FALSE(barrier.arrive(gone, true));
  CHECK(barrier.withdraw(gone));
  CHECK_FALSE(barrier.arrive(impatient, false));
  CHECK_FALSE(barrier.arrive(first, true));
  CHECK(barrier.arrive(last, true) == 2);
  CHECK(first.place == 1);
}

TEST_CASE("a counter keeps to its range") {
  Counter counter({.min = 0, .max = 3});
  CHECK(counter.add(2) == 2);
  CHECK_FALSE(counter.add(2));
  CHECK(counter.value() == 2);
  CHECK(counter.add(1) == 3);
  CHECK(counter.add(-3) == 0);
  CHECK_FALSE(counter.add(-1));
  CHECK(Counter({.min = 5, .max = 9}).value() == 5);
}

TEST_CASE("a queue hands values over in their order, to those who wait in theirs") {
  Queue queue(2);
  NotingWaiter first, second, sender;
  CHECK(queue.pop(first, true) == Queue::Result::kWaits);
  CHECK(queue.pop(second, true) == Queue::Result::kWaits);
  for (const char* value : {"a", "b", "c", "d"}) {
    sender.value = value;
    CHECK(queue.push(sender, true) == Queue::Result::kDone);
  }
  CHECK(first.value == "a");
  CHECK(second.value == "b");
  CHECK(queue.length() == 2);
  CHECK(queue.pop(first, true) == Queue::Result::kDone);
  CHECK(first.value == "c");
}

TEST_CASE("who hands over a value waits while the queue is full") {
  Queue queue(1);
  NotingWaiter one, other, receiver;
  one.value = "a";
  other.value = "b";
  CHECK(queue.push(one, true) == Queue::Result::kDone);
  CHECK(queue.push(other, true) == Queue::Result::kWaits);
  CHECK(queue.pop(receiver, true) == Queue::Result::kDone);
  CHECK(receiver.value == "a");
  CHECK(other.granted);
  CHECK(queue.pop(receiver, true) == Queue::Result::kDone);
  CHECK(receiver.value == "b");
}

TEST_CASE("a queue is full of bytes, too") {
  Queue queue(1'000'000);
  NotingWaiter sender;
  size_t pushed = 0;
  do {
    sender.value.assign(limits::kValueBytes, 'x');
    ++pushed;
  } while (queue.push(sender, false) == Queue::Result::kDone && pushed < 1000);
  CHECK(pushed == limits::kQueueBytes / limits::kValueBytes + 1);
}

TEST_CASE("a value for one who is gone is the first again, or goes to the next") {
  Queue queue(10);
  NotingWaiter gone, next, sender;
  CHECK(queue.pop(gone, true) == Queue::Result::kWaits);
  for (const char* value : {"a", "b"}) {
    sender.value = value;
    CHECK(queue.push(sender, true) == Queue::Result::kDone);
  }
  REQUIRE_FALSE(queue.withdraw(gone));
  queue.give_back(gone);
  CHECK(queue.pop(next, true) == Queue::Result::kDone);
  CHECK(next.value == "a");
  CHECK(queue.length() == 1);
}

TEST_CASE("a closed queue gives what it has and then says that it is closed") {
  Queue queue(1);
  NotingWaiter sender, late, receiver;
  sender.value = "a";
  CHECK(queue.push(sender, true) == Queue::Result::kDone);
  CHECK(queue.push(late, true) == Queue::Result::kWaits);
  queue.close();
  CHECK(late.granted);
  CHECK(late.closed);
  CHECK(queue.push(sender, true) == Queue::Result::kClosed);
  CHECK(queue.pop(receiver, true) == Queue::Result::kDone);
  CHECK(queue.pop(receiver, true) == Queue::Result::kClosed);
}

TEST_CASE("a name stands for one thing of each kind, with the settings it was made with") {
  Room room;
  CHECK(&room.lock("a") == &room.lock("a"));
  CHECK(&room.lock("a") != &room.lock("b"));
  CHECK(room.barrier("a", 2).parties() == 2);
  CHECK_THROWS_WITH(room.barrier("a", 3),
                    "the barrier \"a\" exists and has 2 parties; use another name");
  room.counter("a", {.max = 1});
  CHECK_THROWS_AS(room.counter("a", {}), std::runtime_error);
  room.queue("a", 5);
  CHECK_THROWS_AS(room.queue("a", 6), std::runtime_error);
  CHECK_THROWS_AS(room.lock(""), std::runtime_error);
  CHECK_THROWS_AS(room.lock(std::string(limits::kName + 1, 'x')), std::runtime_error);
}

}  // namespace perigee::sync
