#include "scripting/bindings/http_batch.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 4> kEntryKeys{"method", "url", "body", "params"};

void refuse_unknown_keys(lua_State* L, int entry) {
  for (lua_pushnil(L); lua_next(L, entry) != 0; lua_pop(L, 1)) {
    const std::string_view key = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "(a number)";
    if (std::find(kEntryKeys.begin(), kEntryKeys.end(), key) == kEntryKeys.end()) {
      throw std::runtime_error(
          fmt::format("has no key \"{}\"{}", key, did_you_mean(key, kEntryKeys)));
    }
  }
}

// Pushes method, url, body and params of the entry at `entry`.
void push_parts(lua_State* L, int entry) {
  const bool is_url = lua_type(L, entry) == LUA_TSTRING || is_named_url(L, entry);
  const bool by_position = !is_url && lua_objlen(L, entry) > 0;
  for (int i = 0; i < 4; ++i) {
    if (by_position) {
      lua_rawgeti(L, entry, i + 1);
    } else if (!is_url) {
      lua_getfield(L, entry, kEntryKeys[static_cast<size_t>(i)].data());
    } else if (i == 1) {
      lua_pushvalue(L, entry);
    } else {
      lua_pushnil(L);
    }
  }
}

// How a message calls the request of this number.
std::string label(lua_State* L, int number) {
  if (!lua_istable(L, 2)) return fmt::format("request {}", number);
  lua_rawgeti(L, 2, number);
  return fmt::format("request \"{}\"", view_at(L, -1));
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

HttpCall& read_batch_entry(lua_State* L, HttpCallReader& reader, const HttpClient* client,
                           LuaVu* vu) {
  luaL_checkstack(L, 16, "batch");
  const int entry = lua_gettop(L);
  if (lua_istable(L, entry)) {
    if (lua_objlen(L, entry) == 0 && !is_named_url(L, entry)) refuse_unknown_keys(L, entry);
  } else if (lua_type(L, entry) != LUA_TSTRING) {
    throw std::runtime_error(
        fmt::format("must be a URL or a table like {{\"POST\", url, body, params}}, got a {}",
                    luaL_typename(L, entry)));
  }
  push_parts(L, entry);
  const std::string method = lua_isnil(L, entry + 1) ? "GET" : read_method(L, entry + 1);
  return reader.read(L, {.method = method,
                         .url = entry + 2,
                         .body = entry + 3,
                         .params = entry + 4,
                         .client = client,
                         .vu = vu});
}

void check_batch(lua_State* L, HttpCallReader& reader, http::BatchSchedule& schedule) {
  const int count = static_cast<int>(lua_objlen(L, 1));
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, 1, i);
    try {
      const HttpCall& call = read_batch_entry(L, reader, nullptr, nullptr);
      schedule.add(call.request.url ? call.request.url->host_header : "");
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(fmt::format("http.batch: {}: {}", label(L, i), error.what()));
    }
    lua_settop(L, 2);
  }
}

bool HttpBatch::begin(lua_State* L, LuaVu& vu, const HttpClient* client) {
  vu_ = &vu;
  client_ = client;
  thrown_ = schedule_.size();
  lua_pushvalue(L, 1);
  requests_ = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_createtable(L, static_cast<int>(schedule_.size()), 0);
  results_ = luaL_ref(L, LUA_REGISTRYINDEX);
  start_more();
  if (schedule_.in_flight() == 0) return true;
  wake_ = vu.prepare_wait();
  return false;
}

void HttpBatch::start_more() {
  while (const auto index = schedule_.start_next()) {
    const StackGuard guard(main_);
    push_entry(main_, *index);
    HttpCall& call = runner_.read_entry(main_, client_, *vu_);
    if (call.request.url) {
      runner_.start(*this, *index, call);
    } else {
      push_request(main_, *index);
      runner_.push_invalid(main_, call);
      store(main_, *index);
      schedule_.ended(*index);
    }
  }
}

void HttpBatch::push_entry(lua_State* L, size_t index) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, requests_);
  lua_rawgeti(L, -1, static_cast<int>(index + 1));
  lua_remove(L, -2);
}

void HttpBatch::push_request(lua_State* L, size_t index) {
  push_entry(L, index);
  push_parts(L, lua_gettop(L));
  lua_remove(L, -5);
}

void HttpBatch::store(lua_State* L, size_t index) {
  if (lua_type(L, -1) == LUA_TSTRING) thrown_ = std::min(thrown_, index);
  lua_rawgeti(L, LUA_REGISTRYINDEX, results_);
  lua_insert(L, -2);
  lua_rawseti(L, -2, static_cast<int>(index + 1));
  lua_pop(L, 1);
}

void HttpBatch::go_on(size_t index) {
  schedule_.ended(index);
  start_more();
  if (schedule_.in_flight() > 0) return;
  Wake wake = wake_;
  const int results = push_results(wake.stack());
  runner_.finished(*this);
  wake.resume(results);
}

int HttpBatch::push_results(lua_State* L) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, results_);
  forget();
  if (thrown_ == schedule_.size()) return 1;
  lua_pushboolean(L, 0);
  lua_rawgeti(L, -2, static_cast<int>(thrown_ + 1));
  return 2;
}

void HttpBatch::cancelled(size_t index) {
  schedule_.ended(index);
  if (schedule_.in_flight() > 0) return;
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
