// Calls back on a loop's thread when a file descriptor can be read.
#pragma once

#include <functional>
#include <memory>

#include "engine/loop/loop.h"

namespace perigee {

// For descriptors of libraries that signal their events through one. The descriptor stays its
// owner's and must outlive this; what it holds is read by the callback, or that is called again.
class Readable {
 public:
  Readable(Loop& loop, int fd, std::function<void()> callback);
  ~Readable();
  Readable(const Readable&) = delete;
  Readable& operator=(const Readable&) = delete;

 private:
  struct Handle;
  std::function<void()> callback_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace perigee
