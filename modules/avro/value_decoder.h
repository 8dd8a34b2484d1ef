// Avro's bytes to Lua values.
#pragma once

#include <string>
#include <string_view>

#include "engine/protobuf/wire_reader.h"
#include "modules/avro/schema.h"
#include "scripting/lua.h"
#include "scripting/protobuf/field_path.h"

namespace perigee::avro {

class ValueDecoder {
 public:
  ValueDecoder(lua_State* L, std::string_view bytes) : L_(L), cursor_(bytes) {}

  // Pushes the value. Throws std::runtime_error that begins with the path to where the bytes are
  // wrong, also where they go on behind the value.
  void decode(const Type& type);

 private:
  void decode(const Type& type, const FieldStep* at);
  void decode_record(const Type& type, const FieldStep* at);
  void decode_items(const Type& type, const FieldStep* at);
  void decode_item(const Type& type, int64_t position, const FieldStep* at);
  int64_t whole(const FieldStep* at);
  size_t length(const FieldStep* at);
  size_t choice(size_t count, const char* what, const FieldStep* at);
  void push_bytes(size_t size, const FieldStep* at);
  void push_number(const Type& type, const FieldStep* at);
  void check(const FieldStep* at) const;

  lua_State* L_;
  protobuf::WireCursor cursor_;
  int depth_ = 0;
  int empty_items_ = 0;  // items of lists that take no bytes
};

}  // namespace perigee::avro
