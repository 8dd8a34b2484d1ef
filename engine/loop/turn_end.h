// What is to be done once for all the events of a loop's turn, such as sending what they queued.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace perigee {

class TurnEnd;

// The armed ones of one loop, in the order of arming.
class TurnEnds {
 public:
  // Calls back those that are armed now; what they arm in turn waits for the next call.
  void run();
  bool empty() const { return armed_.empty(); }

 private:
  friend class TurnEnd;
  std::vector<TurnEnd*> armed_;
  std::vector<TurnEnd*> running_;  // one destroyed meanwhile is nulled here
};

// Calls back once each time it is armed: when the events of the turn have been dealt with, before
// the loop waits for more. Must not outlive its list; destroying it disarms it.
class TurnEnd {
 public:
  TurnEnd(TurnEnds& ends, std::function<void()> callback)
      : ends_(ends), callback_(std::move(callback)) {}
  ~TurnEnd();
  TurnEnd(const TurnEnd&) = delete;
  TurnEnd& operator=(const TurnEnd&) = delete;

  void arm();

 private:
  friend class TurnEnds;
  TurnEnds& ends_;
  std::function<void()> callback_;
  bool armed_ = false;
};

}  // namespace perigee
