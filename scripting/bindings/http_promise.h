// http.async_request: requests that their VU does not wait for at once.
#pragma once

#include <deque>
#include <vector>

#include "scripting/bindings/http/request.h"
#include "scripting/lua_vu.h"

namespace perigee {

class HttpPromises;

// The request behind one promise, from its start until it has ended. The promise itself is a table
// that the script holds; [1] is its result: a response, or the message to be thrown.
class HttpPromise final : public RequestReceiver {
 public:
  HttpPromise(HttpPromises& promises, lua_State* main) : promises_(promises), main_(main) {}

  // The promise is at `index`; the parts of its request are its fields.
  void begin(lua_State* L, int index, HttpVu& http);
  // The script waits for it.
  void wake_up(Wake wake) { wake_ = wake; }

  void push_request(lua_State* L, size_t index) override;
  void store(lua_State* L, size_t index) override;
  void go_on(size_t index) override;
  void cancelled(size_t index) override;

 private:
  void finish();

  HttpPromises& promises_;
  lua_State* main_;
  HttpVu* http_ = nullptr;
  Wake wake_;
  int promise_ = LUA_NOREF;  // keeps the script's strings alive
};

// Those of one worker.
class HttpPromises {
 public:
  // The requests must outlive it.
  explicit HttpPromises(HttpRequests& requests) : requests_(requests) {}

  // Adds the functions that start and await promises to the table on top of the stack.
  void add_functions(lua_State* L);

  ScriptHost& host() { return requests_.worker().host(); }
  // Sends the request of the promise at `promise`. Null if it could not be sent and has its result.
  HttpPromise* start(lua_State* L, LuaVu& vu, int promise, RequestArguments arguments);
  // Nothing needs the object any more.
  void recycle(HttpPromise& promise) { free_.push_back(&promise); }

 private:
  HttpPromise& take();

  HttpRequests& requests_;
  std::deque<HttpPromise> promises_;
  std::vector<HttpPromise*> free_;
};

}  // namespace perigee
