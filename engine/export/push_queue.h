// Sends pushes one after the other, again where that can help, and counts what is lost.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/log.h"
#include "engine/export/push.h"
#include "engine/loop/loop.h"

namespace perigee::exports {

// Bounded: when a push finds no room, the oldest that is not on its way is lost.
class PushQueue {
 public:
  struct Settings {
    std::string name;  // what messages call it: "prometheus-rw (http://host/api/v1/write)"
    Duration first_wait = std::chrono::milliseconds(500);  // before a second try; doubles
    Duration max_wait = std::chrono::seconds(10);          // also of what a receiver asks for
  };

  PushQueue(Loop& loop, std::unique_ptr<PushTransport> transport, Settings settings, Log& log);
  ~PushQueue();
  PushQueue(const PushQueue&) = delete;
  PushQueue& operator=(const PushQueue&) = delete;

  void add(Push push);
  // Sees each result first, and says what to make of it.
  using Judge = std::function<PushResult(const Push& push, PushResult result)>;
  void judge_by(Judge judge) { judge_ = std::move(judge); }

  // Nothing is added any more. Calls `done` when the queue is empty: a receiver that is busy gets a
  // second try, and of one that can't be reached all is lost.
  void finish(std::function<void()> done);

  uint64_t samples_lost() const { return lost_; }
  // A sentence if some were lost; what is queued at the time of the call counts as lost, too.
  std::vector<std::string> losses() const;

 private:
  void send_next();
  void on_result(PushResult result);
  void lose(uint64_t samples, const std::string& reason);
  void lose_all(const std::string& reason);
  bool again(const PushResult& result) const;
  Duration wait_for(const PushResult& result) const;
  void drop_first();
  void trim();

  Loop& loop_;
  const std::unique_ptr<PushTransport> transport_;
  const Settings settings_;
  Log& log_;
  Timer retry_;
  std::deque<Push> queue_;
  size_t bytes_ = 0;
  bool sending_ = false;
  uint32_t tries_ = 0;  // of the first push
  bool unreachable_ = false;
  uint64_t lost_ = 0;
  std::string reason_;
  Judge judge_;
  std::function<void()> done_;
};

}  // namespace perigee::exports
