// Reads messages as scripts write them.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <string>

#include "modules/kafka/record.h"
#include "scripting/lua.h"

namespace perigee {

// One per Lua state, which holds each string once: a table's keys are known by their addresses.
class KafkaRecordReader {
 public:
  explicit KafkaRecordReader(lua_State* L);

  // The message at `index`: a table. Its texts are good while that is on the stack, until the next
  // message is read. Throws std::runtime_error.
  const kafka::Record& read(lua_State* L, int index);
  // The message of a topic, a value that may be nil, and a key that may be missing.
  const kafka::Record& read(lua_State* L, int topic, int value, int key);

 private:
  enum Field : size_t { kTopic, kValue, kKey, kPartition, kTimestamp, kHeaders, kFields };

  void read_field(lua_State* L, Field field, int value);
  std::string_view text(lua_State* L, int index, const char* what);
  void read_headers(lua_State* L, int table);
  void add_header(lua_State* L, std::string_view name, int value);
  [[noreturn]] void refuse_field(lua_State* L, int key);

  std::array<const char*, kFields> names_{};
  kafka::Record record_;
  std::deque<std::string> texts_;  // of numbers
};

}  // namespace perigee
