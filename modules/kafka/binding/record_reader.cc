#include "modules/kafka/binding/record_reader.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 6> kNames{"topic",     "value",     "key",
                                                 "partition", "timestamp", "headers"};

double whole_number(lua_State* L, int index, const char* what) {
  const double number = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : -1;
  if (!(number >= 0) || number != std::floor(number)) {
    throw std::runtime_error(fmt::format("{} must be a whole number from 0 on", what));
  }
  return number;
}

}  // namespace

KafkaRecordReader::KafkaRecordReader(lua_State* L) {
  for (size_t i = 0; i < kFields; ++i) {
    push_view(L, kNames[i]);
    names_[i] = lua_tostring(L, -1);
    luaL_ref(L, LUA_REGISTRYINDEX);
  }
}

const kafka::Record& KafkaRecordReader::read(lua_State* L, int index) {
  record_ = {};
  if (!texts_.empty()) texts_.clear();
  if (!lua_istable(L, index)) {
    throw std::runtime_error(
        fmt::format(R"(the message must be a table like {{ topic = "t", value = "v" }}, got a {})",
                    luaL_typename(L, index)));
  }
  const int key = lua_gettop(L) + 1;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    const char* const name = lua_type(L, key) == LUA_TSTRING ? lua_tostring(L, key) : nullptr;
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) refuse_field(L, key);
    read_field(L, static_cast<Field>(found - names_.begin()), key + 1);
  }
  if (record_.topic.empty()) throw std::runtime_error("the message has no topic");
  return record_;
}

const kafka::Record& KafkaRecordReader::read(lua_State* L, int topic, int value, int key) {
  record_ = {};
  if (!texts_.empty()) texts_.clear();
  record_.topic = text(L, topic, "topic");
  if (!lua_isnoneornil(L, value)) record_.value = text(L, value, "value");
  if (!lua_isnoneornil(L, key)) record_.key = text(L, key, "key");
  if (record_.topic.empty()) throw std::runtime_error("the message has no topic");
  return record_;
}

void KafkaRecordReader::read_field(lua_State* L, Field field, int value) {
  switch (field) {
    case kTopic:
      record_.topic = text(L, value, "topic");
      return;
    case kValue:
      record_.value = text(L, value, "value");
      return;
    case kKey:
      record_.key = text(L, value, "key");
      return;
    case kPartition:
      record_.partition = static_cast<int32_t>(std::min(whole_number(L, value, "partition"), 2e9));
      return;
    case kTimestamp:
      record_.timestamp =
          static_cast<int64_t>(std::min(whole_number(L, value, "timestamp (ms since 1970)"), 9e15));
      return;
    default:
      read_headers(L, value);
  }
}

std::string_view KafkaRecordReader::text(lua_State* L, int index, const char* what) {
  if (lua_type(L, index) == LUA_TSTRING) return view_at(L, index);
  if (lua_type(L, index) == LUA_TNUMBER) {
    // A copy: turning the value itself into a string would change the stack or the table.
    lua_pushvalue(L, index);
    texts_.emplace_back(view_at(L, -1));
    lua_pop(L, 1);
    return texts_.back();
  }
  throw std::runtime_error(fmt::format("{} must be a string, got a {}{}", what,
                                       luaL_typename(L, index),
                                       lua_istable(L, index) ? "; use json.encode for JSON" : ""));
}

void KafkaRecordReader::add_header(lua_State* L, std::string_view name, int value) {
  record_.headers.emplace_back(name, text(L, value, "the value of a header"));
}

// A table has no order of its own: headers go by their names, those of one name as they are listed.
void KafkaRecordReader::read_headers(lua_State* L, int table) {
  if (!lua_istable(L, table)) {
    throw std::runtime_error(R"(headers must be a table of names: headers = { a = "b" })");
  }
  for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) {
      throw std::runtime_error(R"(headers must be a table of names: headers = { a = "b" })");
    }
    const std::string_view name = view_at(L, -2);
    const int value = lua_gettop(L);
    if (!lua_istable(L, value)) {
      add_header(L, name, value);
      continue;
    }
    for (int i = 1; i <= static_cast<int>(lua_objlen(L, value)); ++i) {
      lua_rawgeti(L, value, i);
      add_header(L, name, lua_gettop(L));
      lua_pop(L, 1);
    }
  }
  std::stable_sort(record_.headers.begin(), record_.headers.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
}

void KafkaRecordReader::refuse_field(lua_State* L, int key) {
  const std::string_view name = lua_type(L, key) == LUA_TSTRING ? view_at(L, key) : "(a number)";
  throw std::runtime_error(
      fmt::format("a message has no field \"{}\"{}", name, did_you_mean(name, kNames)));
}

}  // namespace perigee
