// http.batch: several requests of one VU at the same time.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "engine/http/batch_schedule.h"
#include "scripting/bindings/http_call.h"
#include "scripting/bindings/http_operation.h"
#include "scripting/lua_vu.h"

namespace perigee {

class HttpBatch;

// What a batch needs of the module.
class BatchRunner {
 public:
  virtual ~BatchRunner() = default;
  // Reads the entry on top of the stack, to be sent by the client.
  virtual HttpCall& read_entry(lua_State* L, const HttpClient* client, LuaVu& vu) = 0;
  virtual void start(HttpBatch& batch, size_t index, HttpCall& call) = 0;
  // Pushes the result of a request that can't be sent, as `HttpReceiver::store` takes it; the four
  // parts of the request are on top of the stack and are taken from there.
  virtual void push_invalid(lua_State* L, const HttpCall& call) = 0;
  // The batch is over, or was cut off, and nothing of it is in flight.
  virtual void finished(HttpBatch& batch) = 0;
};

// The VU goes on when all requests have ended. Kept for the next batch when it is over.
class HttpBatch final : public HttpReceiver {
 public:
  HttpBatch(BatchRunner& runner, lua_State* main) : runner_(runner), main_(main) {}

  // Filled before `begin`: one host for each request.
  http::BatchSchedule& schedule() { return schedule_; }

  // Starts with the list of checked requests at index 1 of `L`. True if it is over already, because
  // none had a valid URL: the results are to be pushed at once then.
  // `client` is null for the VU's default.
  bool begin(lua_State* L, LuaVu& vu, const HttpClient* client);
  // Pushes the list of responses; if a request of `throw` has failed, false and a message.
  int push_results(lua_State* L);

  LuaVu& vu() const { return *vu_; }

  void push_request(lua_State* L, size_t index) override;
  void store(lua_State* L, size_t index) override;
  void go_on(size_t index) override;
  void cancelled(size_t index) override;

 private:
  void start_more();
  void push_entry(lua_State* L, size_t index);
  void forget();

  BatchRunner& runner_;
  lua_State* main_;
  LuaVu* vu_ = nullptr;
  const HttpClient* client_ = nullptr;
  Wake wake_;
  int requests_ = LUA_NOREF;  // the script's list: bodies are sent from where they lie in it
  int results_ = LUA_NOREF;
  http::BatchSchedule schedule_;
  size_t thrown_ = 0;  // the first request whose failure is an error of the script
};

// Batches that are not in use.
class BatchPool {
 public:
  HttpBatch& take(BatchRunner& runner, lua_State* main);
  void release(HttpBatch& batch) { free_.push_back(&batch); }

 private:
  std::deque<HttpBatch> batches_;
  std::vector<HttpBatch*> free_;
};

// The method at `index`, in capitals. Throws std::runtime_error if it is none.
std::string read_method(lua_State* L, int index);

// Reads a batch's entry on top of the stack: a URL, {method, url, body, params}, or the same by
// name. Leaves its parts on the stack. Throws std::runtime_error.
HttpCall& read_batch_entry(lua_State* L, HttpCallReader& reader, const HttpClient* client,
                           LuaVu* vu);

// Reads the list of requests at index 1 into the schedule. A request is told by its name in the
// list at index 2, if there is one, else by its number. Throws std::runtime_error naming the
// request that makes no sense.
void check_batch(lua_State* L, HttpCallReader& reader, http::BatchSchedule& schedule);

}  // namespace perigee
