// http.batch: several requests of one VU at the same time.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "engine/http/batch_schedule.h"
#include "scripting/bindings/http/request.h"
#include "scripting/lua_vu.h"

namespace perigee {

class HttpBatches;

// The VU goes on when all requests have ended. Kept for the next batch when it is over.
class HttpBatch final : public RequestReceiver {
 public:
  explicit HttpBatch(HttpBatches& batches);

  // Filled before `begin`: one host for each request.
  http::BatchSchedule& schedule() { return schedule_; }

  // Starts with the list of checked requests at index 1 of `L`. True if it is over already, because
  // none had a valid URL: the results are to be pushed at once then.
  // `client` is null for the VU's default.
  bool begin(lua_State* L, LuaVu& vu, const HttpClient* client);
  // Pushes the list of responses; if a request of `throw` has failed, false and a message.
  int push_results(lua_State* L);

  void push_request(lua_State* L, size_t index) override;
  void store(lua_State* L, size_t index) override;
  void go_on(size_t index) override;
  void cancelled(size_t index) override;

 private:
  void start_more();
  void push_entry(lua_State* L, size_t index);
  void forget();

  HttpBatches& batches_;
  HttpRequests& requests_;
  lua_State* main_;
  LuaVu* vu_ = nullptr;
  const HttpClient* client_ = nullptr;
  Wake wake_;
  int entries_ = LUA_NOREF;  // the script's list: bodies are sent from where they lie in it
  int results_ = LUA_NOREF;
  http::BatchSchedule schedule_;
  size_t thrown_ = 0;  // the first request whose failure is an error of the script
};

// Those of one worker.
class HttpBatches {
 public:
  // The requests must outlive it.
  explicit HttpBatches(HttpRequests& requests) : requests_(requests) {}

  // Adds the functions that send batches to the table on top of the stack.
  void add_functions(lua_State* L);

  HttpRequests& requests() { return requests_; }
  // Sends the list of requests at index 1, whose names are in the list at index 2, if they have
  // some. Its result is the list of responses, or false and a message to be thrown. `client` is
  // null for the VU's default. Throws std::runtime_error naming the request that makes no sense.
  int run(lua_State* L, LuaVu& vu, const HttpClient* client);
  // The batch is over, or was cut off, and nothing of it is in flight.
  void recycle(HttpBatch& batch) { free_.push_back(&batch); }

 private:
  HttpBatch& take();

  HttpRequests& requests_;
  std::deque<HttpBatch> batches_;
  std::vector<HttpBatch*> free_;
};

}  // namespace perigee
