// One thing a VU has in flight: a request, a sleep, a stream.
#pragma once

namespace perigee {

class LuaVu;

// A VU may have several. An iteration ends when its function has returned and its operations have
// ended; when it is cut off, they are cancelled.
class Operation {
 public:
  Operation() = default;
  virtual ~Operation() = default;
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  // The iteration has been cut off. The operation has left its VU already and must not touch it
  // again; it may destroy itself.
  virtual void cancel() = 0;
  // The script's function has returned. The operation may end now, or later.
  virtual void on_function_returned() {}

 private:
  friend class LuaVu;
  Operation* previous_ = nullptr;
  Operation* next_ = nullptr;
};

}  // namespace perigee
