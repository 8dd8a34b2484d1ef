#include "modules/kafka/binding/message_table.h"

#include <cstddef>

namespace perigee {
namespace {

void set_bytes(lua_State* L, const char* name, const void* bytes, size_t size) {
  if (bytes == nullptr) return;
  lua_pushlstring(L, static_cast<const char*>(bytes), size);
  lua_setfield(L, -2, name);
}

void set_number(lua_State* L, const char* name, double number) {
  lua_pushnumber(L, number);
  lua_setfield(L, -2, name);
}

void push_headers(lua_State* L, const rd_kafka_message_t& message) {
  lua_newtable(L);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != kafka::kNoError) return;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == kafka::kNoError;
       ++i) {
    // A header without a value has an empty one: nil would be no header.
    lua_pushlstring(L, static_cast<const char*>(value != nullptr ? value : ""),
                    value != nullptr ? size : 0);
    add_kafka_header(L, name);
  }
}

}  // namespace

void add_kafka_header(lua_State* L, const char* name) {
  lua_getfield(L, -2, name);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    return lua_setfield(L, -2, name);
  }
  if (!lua_istable(L, -1)) {
    lua_createtable(L, 2, 0);
    lua_insert(L, -2);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, -1);
    lua_setfield(L, -4, name);
  }
  lua_insert(L, -2);
  lua_rawseti(L, -2, static_cast<int>(lua_objlen(L, -2)) + 1);
  lua_pop(L, 1);
}

void push_kafka_message(lua_State* L, const rd_kafka_message_t& message) {
  luaL_checkstack(L, 8, "poll");
  lua_createtable(L, 0, 7);
  lua_pushstring(L, rd_kafka_topic_name(message.rkt));
  lua_setfield(L, -2, "topic");
  set_number(L, "partition", message.partition);
  set_number(L, "offset", static_cast<double>(message.offset));
  set_bytes(L, "key", message.key, message.key_len);
  set_bytes(L, "value", message.payload, message.len);
  rd_kafka_timestamp_type_t kind{};
  const int64_t timestamp = rd_kafka_message_timestamp(&message, &kind);
  if (kind != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE) {
    set_number(L, "timestamp", static_cast<double>(timestamp));
  }
  push_headers(L, message);
  lua_setfield(L, -2, "headers");
}

}  // namespace perigee
