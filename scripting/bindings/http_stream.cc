#include "scripting/bindings/http_stream.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "engine/http/header_fields.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

constexpr const char* name_of(HttpStream::Item item) {
  switch (item) {
    case HttpStream::Item::kEvent:
      return "events";
    case HttpStream::Item::kLine:
      return "lines";
    default:
      return "chunks";
  }
}

}  // namespace

HttpStream::HttpStream(HttpStreamOwner& owner, http::CallContext& context, ScriptHost& host,
                       const http::StreamMetricIds& ids)
    : HttpOperation(owner, context),
      owner_(owner),
      host_(host),
      metrics_(ids, host.worker().shard),
      turn_end_(host.worker().loop.turn_ends(), [this] { on_turn_end(); }) {}

void HttpStream::open(lua_State* L, int index, LuaVu& vu, HttpVu& http, HttpCall& call) {
  lua_pushvalue(L, index);
  table_ = luaL_ref(L, LUA_REGISTRYINDEX);
  unread_.begin("");
  events_.reset();
  lines_.reset();
  item_ = Item::kAny;
  begun_ = published_ = over_ = paused_ = left_ = turn_end_wanted_ = false;
  idle_timeout_ = call.idle_timeout;
  awaits_ = Awaits::kNothing;
  wake_ = {};
  start(vu, http, call, {});
}

int HttpStream::await_head(lua_State* L) {
  if (published_) return push_failure(L);
  awaits_ = Awaits::kHead;
  wake_ = vu().prepare_wait();
  return vu().wait(L, 0);
}

int HttpStream::next(lua_State* L, Item item) {
  if (item_ != Item::kAny && item_ != item) {
    throw std::runtime_error(
        fmt::format("the stream is read as {} already, and can't be read as {} too", name_of(item_),
                    name_of(item)));
  }
  item_ = item;
  if (const int results = cut(L)) return results;
  if (over_) {
    const int results = push_failure(L);
    finish();
    return results;
  }
  awaits_ = Awaits::kItem;
  wake_ = vu().prepare_wait();
  return vu().wait(L, 0);
}

void HttpStream::close() {
  if (!over_) settle(stop({}));
  finish();
}

void HttpStream::on_stream_begin() {
  begin_measuring();
  unread_.begin(http::joined_fields(response().fields, "content-encoding"));
  want_turn_end();
  wait_for_bytes();
}

void HttpStream::on_stream_bytes(std::string_view bytes, Instant at) {
  if (left_) return;
  unread_.append(bytes, at);
  if (awaits_ != Awaits::kNothing) want_turn_end();
  if (!paused_ && unread_.size() > limits::kStreamUnread) {
    paused_ = true;
    disarm();
    pause_reading();
  } else {
    wait_for_bytes();
  }
}

void HttpStream::want_turn_end() {
  turn_end_wanted_ = true;
  turn_end_.arm();
}

void HttpStream::wait_for_bytes() {
  if (idle_timeout_ == Duration::zero() || paused_) return;
  disarm();
  host_.deadlines().arm(*this, idle_timeout_, host_.worker().loop.recent());
}

void HttpStream::on_turn_end() {
  // The stream may be over, or another one by now.
  if (!std::exchange(turn_end_wanted_, false)) return;
  if (!published_) publish();
  go_on();
}

void HttpStream::begin_measuring() {
  begun_ = true;
  started_ = started();
  metrics_.begin(started_, owner_.tags_of(*this, response()));
}

void HttpStream::publish() {
  published_ = true;
  owner_.publish(*this, response());
}

void HttpStream::on_call_end(http::Response& response) {
  // An answer that another exchange might have followed, e.g. a redirection to nowhere: its body
  // has been unpacked.
  if (!begun_ && !response.outcome.error) {
    begin_measuring();
    unread_.append(response.body, response.outcome.ended);
  }
  settle(response);
  if (left_) return finish();
  want_turn_end();
}

void HttpStream::on_deadline() {
  if (left_) {
    owner_.on_cancelled(*this, Call::cancel());
    finish();
    return;
  }
  settle(stop({http::ErrorCode::kRequestTimeout,
               fmt::format("nothing arrived for {} ms (idleTimeout)", to_ms(idle_timeout_))}));
  go_on();
}

void HttpStream::settle(http::Response& response) {
  over_ = true;
  disarm();
  owner_.record(*this, response);
  if (begun_) metrics_.end(response.outcome);
  publish();
}

void HttpStream::go_on() {
  if (!wake_.wanted()) return;
  lua_State* const L = wake_.stack();
  if (awaits_ == Awaits::kHead) {
    resume(push_failure(L));
  } else if (awaits_ == Awaits::kItem) {
    int results = cut(L);
    if (results == 0 && !over_) return;
    if (results == 0) {
      results = push_failure(L);
      Wake wake = wake_;
      finish();
      return wake.resume(results);
    }
    resume(results);
  }
}

void HttpStream::resume(int results) {
  awaits_ = Awaits::kNothing;
  // The script may end the stream, and start another one in this object.
  Wake wake = wake_;
  wake.resume(results);
}

int HttpStream::push_failure(lua_State* L) {
  if (!throws() || !over_ || !response().outcome.error) return 0;
  lua_pushnil(L);
  push_view(L, failure(response()));
  return 2;
}

int HttpStream::cut(lua_State* L) {
  while (unread_.ready()) {
    std::string_view text = unread_.front();
    const size_t size = text.size();
    last_arrival_ = unread_.arrived();
    // What is pushed may lie in the unread text.
    const bool whole = take_item(text);
    const int results = whole ? push_item(L, last_arrival_) : 0;
    if (too_long()) {
      fail(too_long_error());
      return 0;
    }
    unread_.take(size - text.size());
    read_on();
    if (whole) return results;
  }
  return cut_rest(L);
}

int HttpStream::cut_rest(lua_State* L) {
  // What was unpacked may have stood for nothing.
  read_on();
  http::Error error = unread_.error();
  if (!error && over_) error = unread_.finish();
  if (error && !response().outcome.error) fail(std::move(error));
  const bool left = over_ && !response().outcome.error && item_ == Item::kLine && lines_.finish();
  return left ? push_item(L, last_arrival_) : 0;
}

bool HttpStream::take_item(std::string_view& text) {
  switch (item_) {
    case Item::kEvent:
      return events_.take(text);
    case Item::kLine:
      return lines_.take(text);
    default:
      chunk_ = std::exchange(text, {});
      return true;
  }
}

int HttpStream::push_item(lua_State* L, Instant at) {
  vu().attribute_samples();
  metrics_.event(at);
  luaL_checkstack(L, 5, "stream");
  if (item_ != Item::kEvent) {
    push_view(L, item_ == Item::kLine ? lines_.line() : chunk_);
    lua_pushnumber(L, to_ms(at - started_));
    return 2;
  }
  const http::ServerSentEvent& event = events_.event();
  push_view(L, event.data);
  lua_pushnumber(L, to_ms(at - started_));
  push_view(L, event.type);
  push_view(L, event.id);
  if (!event.retry) return 4;
  lua_pushnumber(L, static_cast<double>(*event.retry));
  return 5;
}

http::Error HttpStream::too_long_error() const {
  return {http::ErrorCode::kGeneric, fmt::format("one of the stream's {} is longer than {} bytes",
                                                 name_of(item_), limits::kStreamItem)};
}

void HttpStream::fail(http::Error error) {
  unread_.clear();
  http::Response& response = stop(std::move(error));
  if (over_) {
    publish();
  } else {
    settle(response);
  }
}

// Half of what may lie there has been read.
void HttpStream::read_on() {
  if (!paused_ || over_ || unread_.size() > limits::kStreamUnread / 2) return;
  paused_ = false;
  resume_reading();
  wait_for_bytes();
}

void HttpStream::on_function_returned() {
  if (over_) return finish();
  left_ = true;
  unread_.clear();
  idle_timeout_ = {};
  read_on();
  disarm();
  host_.deadlines().arm(*this, limits::kStreamLinger, host_.worker().loop.recent());
}

void HttpStream::cancel() {
  disarm();
  turn_end_wanted_ = false;
  if (!over_) owner_.on_cancelled(*this, Call::cancel());
  owner_.finished(*this, /*cut_off=*/true);
}

void HttpStream::finish() {
  disarm();
  turn_end_wanted_ = false;
  LuaVu& vu = this->vu();
  // May be used again as soon as the VU goes on.
  owner_.finished(*this, /*cut_off=*/false);
  vu.remove(*this);
}

}  // namespace perigee
