// What the WebSocket module keeps for one VU that has used it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/http/traffic.h"
#include "engine/loop/timer_queue.h"
#include "scripting/lua_vu.h"

namespace perigee {

class WebSocketConnection;

// Its connections of this iteration, and the one wait that it may be in.
class WebSocketVu final : public VuExtension {
 public:
  // What the VU waits for.
  enum class Wait : uint8_t {
    kNothing,
    kOpening,  // the end of a handshake
    kEvent,    // something that came in over one connection
    kAny,      // something that came in over any
    kUnsent,   // that the kernel takes what one connection has to send
  };

  // `rest` is the function that deals with what comes in after the script's function has returned.
  WebSocketVu(TimerQueue& timers, int rest);
  ~WebSocketVu() override;
  WebSocketVu(const WebSocketVu&) = delete;
  WebSocketVu& operator=(const WebSocketVu&) = delete;

  WebSocketConnection& add(std::unique_ptr<WebSocketConnection> connection);
  // The connection of this number, if it is of this iteration; else null.
  WebSocketConnection* find(uint64_t number) const;
  // Whether any has something to tell.
  bool any_event() const;

  // Begins a wait for at most `limit`; without one for as long as it takes.
  void begin_wait(LuaVu& vu, Wait wait, const WebSocketConnection* on,
                  std::optional<Instant> until);
  bool waits_for(Wait wait, const WebSocketConnection* on) const;
  // Ends it: what the caller pushes to the wake's stack are the results of the awaited call.
  Wake end_wait();

  void on_iteration_end(LuaVu& vu) override;
  bool push_rest(lua_State* L) override;

  http::Traffic traffic;  // of connections that are over
  uint64_t connected = 0;

 private:
  void on_time();

  Timer timer_;
  const int rest_;
  Wake wake_;
  Wait wait_ = Wait::kNothing;
  const WebSocketConnection* on_ = nullptr;
  std::vector<std::unique_ptr<WebSocketConnection>> connections_;
};

}  // namespace perigee
