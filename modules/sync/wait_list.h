// Those who wait for a lock, a barrier or a queue, the first who came first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>

namespace perigee::sync {

class WaitList;

// What one VU waits for, and what it gets. While it is on a list, it belongs to the list's mutex.
class Waiter {
 public:
  Waiter() = default;
  virtual ~Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  // The wait is over and the waiter on no list any more. Called under the mutex and on the thread
  // of whoever ended it.
  virtual void on_grant() = 0;

  const void* owner = nullptr;  // of a lock: the VU
  bool shared = false;          // of a lock: beside others
  uint64_t place = 0;           // of a barrier: from 1, in the order in which they came
  std::string value;            // of a queue: what is given or got
  bool closed = false;          // of a queue: there is no place for it, or nothing more to get

 private:
  friend class WaitList;
  WaitList* list_ = nullptr;
  std::list<Waiter*>::iterator at_;
};

class WaitList {
 public:
  bool empty() const { return waiting_.empty(); }
  size_t size() const { return waiting_.size(); }
  Waiter& first() const { return *waiting_.front(); }
  void add(Waiter& waiter);
  Waiter& take_first();
  // Takes it off the list it is on. Returns whether there is one.
  static bool remove(Waiter& waiter);

 private:
  std::list<Waiter*> waiting_;
};

// What VUs wait for. From any thread.
class Waitable {
 public:
  virtual ~Waitable() = default;
  // Takes back a wait. Returns false if it is over: the waiter has what it waited for.
  virtual bool withdraw(Waiter& waiter) = 0;
  // Nobody takes what the waiter has got: it is for the next one.
  virtual void give_back(Waiter& waiter) = 0;
};

}  // namespace perigee::sync
