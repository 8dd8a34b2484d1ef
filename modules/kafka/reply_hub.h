// Hands the replies that one worker reads to the workers that wait for them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine/loop/loop.h"
#include "modules/kafka/reply.h"

namespace perigee::kafka {

// Hears of replies on its worker's thread.
class ReplyReceiver {
 public:
  virtual ~ReplyReceiver() = default;
  virtual void on_reply(uint64_t wait, const Reply& reply) = 0;
};

// One for all clients of a run that read the same topics of replies. Thread-safe.
class ReplyHub {
 public:
  ReplyHub();

  // What ids of this run begin with.
  const std::string& run() const { return run_; }
  // True for the first worker, which reads the topics for all. Loops outlive the hub's users; a
  // receiver that has gone by the time its reply comes is a null pointer in `receiver`.
  bool join(uint32_t worker, Loop& loop, const std::shared_ptr<ReplyReceiver*>& receiver);
  // False if there is no such worker.
  bool hand_over(CorrelationId id, Reply reply);

 private:
  struct Member {
    Loop* loop;
    std::shared_ptr<ReplyReceiver*> receiver;
  };

  const std::string run_;
  std::mutex mutex_;
  std::map<uint32_t, Member> members_;
};

}  // namespace perigee::kafka
