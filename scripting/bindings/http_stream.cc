#include "scripting/bindings/http_stream.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "engine/http/header_fields.h"
#include "scripting/bindings/http_streams.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// Where the script's table has what; see prelude/http_stream.lua.
constexpr int kResponsePart = 1;
constexpr int kHandlePart = 2;
constexpr int kMessagePart = 3;
constexpr int kRequestPart = 4;  // and those behind it

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

HttpStream::HttpStream(HttpStreams& streams, HttpWorker& worker, const http::StreamMetricIds& ids)
    : streams_(streams),
      worker_(worker),
      host_(worker.host()),
      request_(worker.calls(), *this),
      metrics_(ids, host_.worker().shard),
      turn_end_(host_.worker().loop.turn_ends(), [this] { on_turn_end(); }) {}

void HttpStream::open(lua_State* L, int index) {
  lua_pushlightuserdata(L, this);
  lua_rawseti(L, index, kHandlePart);
  lua_pushvalue(L, index);
  table_ = luaL_ref(L, LUA_REGISTRYINDEX);
  unread_.begin("");
  events_.reset();
  lines_.reset();
  item_ = Item::kAny;
  begun_ = published_ = over_ = paused_ = left_ = turn_end_wanted_ = false;
  const RequestSpec& spec = request_.spec;
  idle_timeout_ = spec.idle_timeout;
  awaits_ = Awaits::kNothing;
  wake_ = {};
  spec.vu->add(*this);
  request_.call.start(spec.client->configured->client, *spec.client->pool, spec.request,
                      spec.rules);
}

void HttpStream::on_exchange(const http::Response& response, bool challenge) {
  worker_.record_exchange(request_.spec, response, challenge);
}

void HttpStream::on_redirected(const http::Url& /*from*/) {
  worker_.on_redirected(request_);
}

bool HttpStream::may_pause(Duration /*pause*/) {
  return worker_.may_pause(request_.spec);
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
  if (!over_) {
    request_.call.stop({});
    settle();
  }
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
    request_.call.pause_reading();
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
  started_ = request_.call.started();
  metrics_.begin(started_, worker_.tags_of(request_.spec, response()));
}

void HttpStream::publish() {
  published_ = true;
  lua_State* const L = host_.main_state();
  const StackGuard guard(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, table_);
  const int table = lua_gettop(L);
  for (int i = 0; i < HttpResponseBuilder::kRequestParts; ++i)
    lua_rawgeti(L, table, kRequestPart + i);
  worker_.build(L, request_);
  lua_rawseti(L, table, kResponsePart);
}

void HttpStream::on_call_end(http::Response& response) {
  // An answer that another exchange might have followed, e.g. a redirection to nowhere: its body
  // has been unpacked.
  if (!begun_ && !response.outcome.error) {
    begin_measuring();
    unread_.append(response.body, response.outcome.ended);
  }
  if (request_.spec.source) request_.spec.source.reset();
  settle();
  if (left_) return finish();
  want_turn_end();
}

void HttpStream::on_deadline() {
  if (left_) {
    worker_.record_cancelled(request_.spec, request_.call.cancel());
    finish();
    return;
  }
  request_.call.stop(
      {http::ErrorCode::kRequestTimeout,
       fmt::format("nothing arrived for {} ms (idleTimeout)", to_ms(idle_timeout_))});
  settle();
  go_on();
}

void HttpStream::settle() {
  over_ = true;
  disarm();
  worker_.record_end(request_);
  if (begun_) metrics_.end(response().outcome);
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
  if (!request_.spec.throws || !over_ || !response().outcome.error) return 0;
  lua_pushnil(L);
  push_view(L, request_.failure());
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
  request_.call.stop(std::move(error));
  if (over_) {
    publish();
  } else {
    settle();
  }
}

// Half of what may lie there has been read.
void HttpStream::read_on() {
  if (!paused_ || over_ || unread_.size() > limits::kStreamUnread / 2) return;
  paused_ = false;
  request_.call.resume_reading();
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
  if (!over_) worker_.record_cancelled(request_.spec, request_.call.cancel());
  release(/*cut_off=*/true);
}

void HttpStream::finish() {
  disarm();
  turn_end_wanted_ = false;
  LuaVu& vu = this->vu();
  // May be used again as soon as the VU goes on.
  release(/*cut_off=*/false);
  vu.remove(*this);
}

void HttpStream::release(bool cut_off) {
  lua_State* const L = host_.main_state();
  const StackGuard guard(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, table_);
  lua_pushboolean(L, 0);
  lua_rawseti(L, -2, kHandlePart);
  if (cut_off) {
    lua_pushliteral(L, "the stream was cut off with its iteration");
    lua_rawseti(L, -2, kMessagePart);
  }
  luaL_unref(L, LUA_REGISTRYINDEX, table_);
  streams_.recycle(*this);
}

}  // namespace perigee
