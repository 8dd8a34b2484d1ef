// http.batch: several requests of one VU at the same time.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "scripting/bindings/http_call.h"
#include "scripting/lua_vu.h"

namespace perigee {

class HttpBatch;

// What a batch needs of the module.
class BatchRunner {
 public:
  virtual ~BatchRunner() = default;
  // Reads the entry on top of the stack.
  virtual const HttpCall& read_entry(lua_State* L) = 0;
  virtual void start(HttpBatch& batch, size_t index, const HttpCall& call) = 0;
  virtual void push_invalid(lua_State* L, const HttpCall& call) = 0;
  // The batch is over, or was cut off, and nothing of it is in flight.
  virtual void finished(HttpBatch& batch) = 0;
};

// At most kConcurrent requests are in flight; the VU goes on when all have ended. Kept for the next
// batch when it is over.
class HttpBatch {
 public:
  static constexpr size_t kConcurrent = 20;

  HttpBatch(BatchRunner& runner, lua_State* main) : runner_(runner), main_(main) {}

  // Starts with the list of `count` checked entries at index 1 of `L`. True if it is over already,
  // because no entry had a valid URL: the results are to be pushed at once then.
  bool begin(lua_State* L, LuaVu& vu, size_t count);
  void push_results(lua_State* L);

  LuaVu& vu() const { return *vu_; }
  // Takes the response of an entry from the top of the main state's stack.
  void store(lua_State* L, size_t index);
  // A request has ended: starts the next or ends the batch.
  void go_on();
  // A request was cut off with its iteration.
  void cancelled();

 private:
  void start_more();
  void forget();

  BatchRunner& runner_;
  lua_State* main_;
  LuaVu* vu_ = nullptr;
  Wake wake_;
  int requests_ = LUA_NOREF;  // the script's list: bodies are sent from where they lie in it
  int results_ = LUA_NOREF;
  size_t count_ = 0;
  size_t next_ = 0;
  size_t in_flight_ = 0;
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
const HttpCall& read_batch_entry(lua_State* L, HttpCallReader& reader);

// The number of entries of the list at index 1, each of which can be read. Throws
// std::runtime_error naming the entry that can't.
size_t check_batch(lua_State* L, HttpCallReader& reader);

}  // namespace perigee
