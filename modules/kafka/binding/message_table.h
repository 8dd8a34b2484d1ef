// A message that was consumed, as scripts see it.
#pragma once

#include "modules/kafka/rdkafka.h"
#include "scripting/lua.h"

namespace perigee {

// Pushes a table of topic, partition, offset, key, value, timestamp and headers. What a message
// lacks is nil; headers of one name are a list.
void push_kafka_message(lua_State* L, const rd_kafka_message_t& message);

// Moves the value on top of the stack into the table below it: as the name's value, or to its list.
void add_kafka_header(lua_State* L, const char* name);

}  // namespace perigee
