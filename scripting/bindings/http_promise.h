// http.async_request: a request that its VU does not wait for at once.
#pragma once

#include <deque>
#include <vector>

#include "scripting/bindings/http_operation.h"
#include "scripting/lua_vu.h"

namespace perigee {

// The request behind one promise, from its start until it has ended. The promise itself is a table
// that the script holds; [1] is its result: a response, or the message to be thrown.
class HttpPromise final : public HttpReceiver {
 public:
  // Told when nothing needs the object any more.
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void finished(HttpPromise& promise) = 0;
  };

  HttpPromise(Owner& owner, lua_State* main) : owner_(owner), main_(main) {}

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

  Owner& owner_;
  lua_State* main_;
  HttpVu* http_ = nullptr;
  Wake wake_;
  int promise_ = LUA_NOREF;  // keeps the script's strings alive
};

// Promises that are not in use.
class PromisePool {
 public:
  HttpPromise& take(HttpPromise::Owner& owner, lua_State* main);
  void release(HttpPromise& promise) { free_.push_back(&promise); }

 private:
  std::deque<HttpPromise> promises_;
  std::vector<HttpPromise*> free_;
};

}  // namespace perigee
