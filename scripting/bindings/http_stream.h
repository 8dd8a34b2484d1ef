// http.stream: a request whose answer a script reads as it arrives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/http/event_parser.h"
#include "engine/http/line_splitter.h"
#include "engine/http/stream_metrics.h"
#include "engine/http/unread_text.h"
#include "engine/loop/deadlines.h"
#include "engine/loop/turn_end.h"
#include "scripting/bindings/http/request_in_flight.h"
#include "scripting/bindings/http/worker.h"
#include "scripting/lua_vu.h"

namespace perigee {

class HttpStreams;

// A table of the script stands for the stream; see prelude/http_stream.lua.
class HttpStream final : public Operation, private http::CallEvents, private Deadline {
 public:
  // What the script reads the stream as.
  enum class Item : uint8_t { kAny, kEvent, kLine, kChunk };

  HttpStream(HttpStreams& streams, HttpWorker& worker, const http::StreamMetricIds& ids);

  // What is sent, read before the stream opens.
  RequestSpec& spec() { return request_.spec; }
  // Sends the request. The script's table is at `index` of `L`.
  void open(lua_State* L, int index);
  // Waits for the head: `return stream.await_head(...)` from a binding. Its results are none, or
  // nil and a message to be thrown.
  int await_head(lua_State* L);
  // The next item: `return stream.next(...)`. Its results are the item (of an event its data), ms
  // since the request started, and of an event type, id and retry time; at the end none, or nil and
  // a message to be thrown. Throws std::runtime_error if the stream is read as something else.
  int next(lua_State* L, Item item);
  // Ends it, whether all of it has come or not.
  void close();

  void cancel() override;
  void on_function_returned() override;

 private:
  enum class Awaits : uint8_t { kNothing, kHead, kItem };

  void on_exchange(const http::Response& response, bool challenge) override;
  void on_redirected(const http::Url& from) override;
  bool may_pause(Duration pause) override;
  void on_stream_begin() override;
  void on_stream_bytes(std::string_view bytes, Instant at) override;
  void on_call_end(http::Response& response) override;
  void on_deadline() override;

  // Has `on_turn_end` called when all that can be read on this turn has been.
  void want_turn_end();
  void on_turn_end();
  void wait_for_bytes();
  void begin_measuring();
  // Makes the table's response of what is known by now.
  void publish();
  // The exchange is over: has it recorded.
  void settle();
  // Gives the VU what it waits for, if that is there. Nothing may follow.
  void go_on();
  void resume(int results);
  void finish();
  // Pushes the next item, if it has arrived; returns how many values that are.
  int cut(lua_State* L);
  // The last line, which has no end.
  int cut_rest(lua_State* L);
  bool take_item(std::string_view& text);
  int push_item(lua_State* L, Instant at);
  // Pushes nil and the message to be thrown, if there is one; returns how many values that are.
  int push_failure(lua_State* L);
  // What has come can't be read any further: ends the stream, if it goes on.
  void fail(http::Error error);
  bool too_long() const { return events_.too_long() || lines_.too_long(); }
  http::Error too_long_error() const;
  void read_on();

  LuaVu& vu() const { return *request_.spec.vu; }
  http::Response& response() { return request_.call.response(); }
  // Nothing needs the object any more. `cut_off`: ... because the iteration was.
  void release(bool cut_off);

  HttpStreams& streams_;
  HttpWorker& worker_;
  ScriptHost& host_;
  RequestInFlight request_;
  http::StreamMetrics metrics_;
  http::UnreadText unread_;
  http::EventParser events_;
  http::LineSplitter lines_;
  std::string_view chunk_;
  Wake wake_;
  TurnEnd turn_end_;
  Instant started_{};
  Instant last_arrival_{};
  Duration idle_timeout_{};  // zero: none
  int table_ = LUA_NOREF;
  Item item_ = Item::kAny;
  Awaits awaits_ = Awaits::kNothing;
  bool begun_ = false;      // the head has come
  bool published_ = false;  // ... and is in the script's table
  bool over_ = false;       // the exchange has ended
  bool paused_ = false;     // nothing is read because the script does not
  bool left_ = false;       // the script's function has returned: what comes is dropped
  bool turn_end_wanted_ = false;
};

}  // namespace perigee
