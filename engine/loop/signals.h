// Delivers SIGINT and SIGTERM to a loop.
#pragma once

#include <functional>
#include <memory>

#include "engine/loop/loop.h"

namespace perigee {

// Calls back on the loop's thread for each SIGINT or SIGTERM while it lives. It does not keep the
// loop from ending.
class Signals {
 public:
  Signals(Loop& loop, std::function<void(int signal)> callback);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct Handles;
  std::function<void(int)> callback_;
  std::unique_ptr<Handles> handles_;
};

}  // namespace perigee
