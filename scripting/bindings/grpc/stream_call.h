// A streaming call of a script, in either direction or both.
#pragma once

#include <optional>
#include <string_view>

#include "engine/grpc/call.h"
#include "engine/grpc/grpc_metrics.h"
#include "engine/loop/timer_queue.h"
#include "engine/loop/turn_end.h"
#include "scripting/bindings/grpc/message_inbox.h"
#include "scripting/lua_vu.h"

namespace perigee {

class GrpcStreamCall;
class ScriptHost;

// Told when nothing needs the object any more.
class GrpcStreamOwner {
 public:
  virtual ~GrpcStreamOwner() = default;
  virtual grpc::GrpcMetrics& metrics() = 0;
  virtual ScriptHost& host() = 0;
  virtual void finished(GrpcStreamCall& call) = 0;
};

// A table of the script stands for it; [1] is this object until the script has taken all that
// comes, and false from then on. See prelude/grpc.lua.
class GrpcStreamCall final : public grpc::CallEvents, public Operation {
 public:
  explicit GrpcStreamCall(GrpcStreamOwner& owner);

  grpc::Call& call() { return call_; }
  // Puts it on its way for the table at `table`.
  void start(lua_State* L, int table, LuaVu& vu, grpc::CallTagsId tags, bool keep_messages,
             Instant now);

  // A message has been written. Waits while the server takes none: `return stream.sent(L)`.
  int sent(lua_State* L, Instant now);
  // The next message and ms since the start; nil and "timeout" when it has not come until then; at
  // the end nil and the five parts of it, and the object is gone: `return stream.receive(...)`.
  int receive(lua_State* L, std::optional<Instant> until);
  // Whether it has ended: the script may read its end before all messages are taken.
  bool over() const { return over_; }
  const grpc::CallEnd& end() const { return end_; }
  const grpc::Call& call() const { return call_; }
  // Ends it.
  void close();

  void cancel() override;
  void on_function_returned() override;

 private:
  enum class Awaits : uint8_t { kNothing, kMessage, kRoom };

  void on_message(std::string_view message, Instant at) override;
  void on_drained() override;
  void on_end(const grpc::CallEnd& end) override;
  bool may_pause(Duration pause) override;

  // Has `on_turn_end` called when all that can be read on this turn has been.
  void want_turn_end();
  void on_turn_end();
  void on_time();
  // Gives the VU what it waits for, if that is there. Nothing may follow.
  void go_on();
  int push_message(lua_State* L);
  int push_end(lua_State* L);
  void record(grpc::Verdict verdict);
  // The table of the script knows it no more.
  void release();
  void finish();

  GrpcStreamOwner& owner_;
  grpc::Call call_;
  TurnEnd turn_end_;
  Timer timer_;
  LuaVu* vu_ = nullptr;
  TagSetId context_ = 0;
  grpc::CallTagsId tags_ = 0;
  grpc::GrpcMetrics::StreamSeries series_;
  int table_ = LUA_NOREF;
  bool keep_messages_ = true;
  bool over_ = false;
  bool left_ = false;    // the script's function has returned
  bool paused_ = false;  // the server is to send no more
  bool turn_end_wanted_ = false;
  Awaits awaits_ = Awaits::kNothing;
  Wake wake_;
  GrpcMessageInbox inbox_;
  std::optional<Instant> last_;  // message
  grpc::CallEnd end_;
};

}  // namespace perigee
