#include "scripting/bindings/http_batch.h"

#include <cctype>
#include <stdexcept>

#include <fmt/format.h>

#include "scripting/lua_state.h"

namespace perigee {
namespace {

constexpr const char* kEntryKeys[] = {"method", "url", "body", "params"};

// Pushes method, url, body and params of the entry at `entry`.
void push_parts(lua_State* L, int entry) {
  const bool by_position = lua_objlen(L, entry) > 0;
  for (int i = 0; i < 4; ++i) {
    if (by_position) {
      lua_rawgeti(L, entry, i + 1);
    } else {
      lua_getfield(L, entry, kEntryKeys[i]);
    }
  }
}

}  // namespace

std::string read_method(lua_State* L, int index) {
  std::string method(lua_type(L, index) == LUA_TSTRING ? view_at(L, index) : "");
  for (char& c : method) {
    if (std::isalpha(static_cast<unsigned char>(c)) == 0) method.clear();
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  if (method.empty())
    throw std::runtime_error("the method must be a word like \"GET\" or \"POST\"");
  return method;
}

const HttpCall& read_batch_entry(lua_State* L, HttpCallReader& reader) {
  luaL_checkstack(L, 16, "batch");
  const int entry = lua_gettop(L);
  if (lua_type(L, entry) == LUA_TSTRING) return reader.read(L, {.method = "GET", .url = entry});
  if (!lua_istable(L, entry)) {
    throw std::runtime_error(
        fmt::format("must be a URL or a table like {{\"POST\", url, body, params}}, got a {}",
                    luaL_typename(L, entry)));
  }
  push_parts(L, entry);
  const std::string method = lua_isnil(L, entry + 1) ? "GET" : read_method(L, entry + 1);
  return reader.read(L,
                     {.method = method, .url = entry + 2, .body = entry + 3, .params = entry + 4});
}

size_t check_batch(lua_State* L, HttpCallReader& reader) {
  if (!lua_istable(L, 1))
    throw std::runtime_error("batch: the argument must be a list of requests");
  const size_t count = lua_objlen(L, 1);
  lua_pushnil(L);
  if (count == 0 && lua_next(L, 1) != 0) {
    throw std::runtime_error("batch: the requests must be a list, without names");
  }
  lua_settop(L, 1);
  for (size_t i = 1; i <= count; ++i) {
    lua_rawgeti(L, 1, static_cast<int>(i));
    try {
      read_batch_entry(L, reader);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(fmt::format("batch: request {}: {}", i, error.what()));
    }
    lua_settop(L, 1);
  }
  return count;
}

bool HttpBatch::begin(lua_State* L, LuaVu& vu, size_t count) {
  vu_ = &vu;
  count_ = count;
  next_ = in_flight_ = 0;
  lua_pushvalue(L, 1);
  requests_ = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_createtable(L, static_cast<int>(count), 0);
  results_ = luaL_ref(L, LUA_REGISTRYINDEX);
  wake_ = vu.prepare_wait();
  start_more();
  return in_flight_ == 0;
}

void HttpBatch::start_more() {
  while (next_ < count_ && in_flight_ < kConcurrent) {
    const size_t index = next_++;
    const StackGuard guard(main_);
    lua_rawgeti(main_, LUA_REGISTRYINDEX, requests_);
    lua_rawgeti(main_, -1, static_cast<int>(index + 1));
    const HttpCall& call = runner_.read_entry(main_);
    if (call.request.url) {
      ++in_flight_;
      runner_.start(*this, index, call);
    } else {
      runner_.push_invalid(main_, call);
      store(main_, index);
    }
  }
}

void HttpBatch::store(lua_State* L, size_t index) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, results_);
  lua_insert(L, -2);
  lua_rawseti(L, -2, static_cast<int>(index + 1));
  lua_pop(L, 1);
}

void HttpBatch::go_on() {
  --in_flight_;
  start_more();
  if (in_flight_ > 0) return;
  Wake wake = wake_;
  push_results(wake.stack());
  runner_.finished(*this);
  wake.resume(1);
}

void HttpBatch::push_results(lua_State* L) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, results_);
  forget();
}

void HttpBatch::cancelled() {
  if (--in_flight_ > 0) return;
  forget();
  runner_.finished(*this);
}

void HttpBatch::forget() {
  luaL_unref(main_, LUA_REGISTRYINDEX, requests_);
  luaL_unref(main_, LUA_REGISTRYINDEX, results_);
}

HttpBatch& BatchPool::take(BatchRunner& runner, lua_State* main) {
  if (free_.empty()) return batches_.emplace_back(runner, main);
  HttpBatch& batch = *free_.back();
  free_.pop_back();
  return batch;
}

}  // namespace perigee
