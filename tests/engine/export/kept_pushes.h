// A transport that keeps what exports push.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "engine/export/push.h"
#include "engine/loop/loop.h"

namespace perigee::exports {

// Answers all pushes in the same way.
struct KeptPushes : PushTransport {
  KeptPushes(Loop& its_loop, std::vector<Push>& its_pushes, PushResult& its_result)
      : loop(its_loop), pushes(its_pushes), result(its_result) {}
  void send(const Push& push, std::function<void(PushResult)> done) override {
    pushes.push_back(push);
    loop.post([this, done] { done(result); });
  }
  void cancel() override {}

  Loop& loop;
  std::vector<Push>& pushes;
  PushResult& result;
};

}  // namespace perigee::exports
