#include "scripting/bindings/http_batch.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "scripting/binding.h"
#include "scripting/bindings/http_client_handle.h"
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

// Reads a batch's entry on top of the stack: a URL, {method, url, body, params}, or the same by
// name. Leaves its parts on the stack. `vu` is null if the request is not to be sent. Throws
// std::runtime_error.
void read_entry(lua_State* L, HttpWorker& worker, const HttpClient* client, LuaVu* vu,
                RequestSpec& spec) {
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
  worker.reader().read(L,
                       {.method = method,
                        .url = entry + 2,
                        .body = entry + 3,
                        .params = entry + 4,
                        .client = client,
                        .vu = vu},
                       spec);
}

// Reads the list of requests at index 1 into the schedule. A request is told by its name in the
// list at index 2, if there is one, else by its number. Throws std::runtime_error naming the
// request that makes no sense.
void check_batch(lua_State* L, HttpWorker& worker, http::BatchSchedule& schedule) {
  RequestSpec spec;
  const int count = static_cast<int>(lua_objlen(L, 1));
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, 1, i);
    try {
      read_entry(L, worker, nullptr, nullptr, spec);
      schedule.add(spec.request.url ? spec.request.url->host_header : "");
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(fmt::format("http.batch: {}: {}", label(L, i), error.what()));
    }
    lua_settop(L, 2);
  }
}

// batch(list, names) -> the list of responses
int send_batch(lua_State* L) {
  HttpBatches& batches = upvalue<HttpBatches>(L);
  lua_settop(L, 2);
  return batches.run(L, batches.requests().worker().host().vu_for("http.batch"), nullptr);
}

// client_batch(client, list, names) -> the list of responses
int client_batch(lua_State* L) {
  HttpBatches& batches = upvalue<HttpBatches>(L);
  lua_settop(L, 3);
  const HttpClient& client = client_at(L, 1);
  LuaVu& vu = batches.requests().worker().host().vu_for("client:batch");
  lua_remove(L, 1);
  return batches.run(L, vu, &client);
}

}  // namespace

HttpBatch::HttpBatch(HttpBatches& batches)
    : batches_(batches),
      requests_(batches.requests()),
      main_(requests_.worker().host().main_state()) {}

bool HttpBatch::begin(lua_State* L, LuaVu& vu, const HttpClient* client) {
  vu_ = &vu;
  client_ = client;
  thrown_ = schedule_.size();
  lua_pushvalue(L, 1);
  entries_ = luaL_ref(L, LUA_REGISTRYINDEX);
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
    HttpRequests::Unsent request = requests_.take();
    read_entry(main_, requests_.worker(), client_, vu_, request->spec());
    if (request->spec().request.url) {
      request.release()->start(*this, *index);
    } else {
      push_request(main_, *index);
      requests_.worker().push_invalid_result(main_, request->spec());
      store(main_, *index);
      schedule_.ended(*index);
    }
  }
}

void HttpBatch::push_entry(lua_State* L, size_t index) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, entries_);
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
  batches_.recycle(*this);
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
  batches_.recycle(*this);
}

void HttpBatch::forget() {
  luaL_unref(main_, LUA_REGISTRYINDEX, entries_);
  luaL_unref(main_, LUA_REGISTRYINDEX, results_);
}

void HttpBatches::add_functions(lua_State* L) {
  const Function functions[] = {{"batch", bound<send_batch>},
                                {"client_batch", bound<client_batch>}};
  set_functions(L, this, functions);
}

int HttpBatches::run(lua_State* L, LuaVu& vu, const HttpClient* client) {
  vu.refuse_aside();
  HttpBatch& batch = take();
  batch.schedule().reset(http::batch_limits(requests_.worker().host().worker().options.http));
  try {
    check_batch(L, requests_.worker(), batch.schedule());
  } catch (const std::runtime_error&) {
    recycle(batch);
    throw;
  }
  if (!batch.begin(L, vu, client)) return vu.wait(L, 0);
  const int results = batch.push_results(L);
  recycle(batch);
  return results;
}

HttpBatch& HttpBatches::take() {
  if (free_.empty()) return batches_.emplace_back(*this);
  HttpBatch& batch = *free_.back();
  free_.pop_back();
  return batch;
}

}  // namespace perigee
