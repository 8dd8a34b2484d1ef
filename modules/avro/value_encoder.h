// Lua values to Avro's bytes.
#pragma once

#include <string>

#include "modules/avro/schema.h"
#include "modules/avro/value_writer.h"
#include "scripting/lua.h"
#include "scripting/protobuf/field_path.h"

namespace perigee::avro {

class ValueEncoder {
 public:
  ValueEncoder(lua_State* L, std::string& out) : L_(L), writer_(out) {}

  // Appends the value at `index`, which counts from the bottom of the stack. Throws
  // std::runtime_error that begins with the path to what is wrong.
  void encode(int index, const Type& type) { encode(index, type, nullptr); }

 private:
  void encode(int index, const Type& type, const FieldStep* at);
  void encode_number(int index, const Type& type, const FieldStep* at);
  void encode_text(int index, const Type& type, const FieldStep* at);
  void encode_symbol(int index, const Type& type, const FieldStep* at);
  void encode_record(int index, const Type& type, const FieldStep* at);
  void encode_field(const Field& field, const Type& record, const FieldStep* at);
  void refuse_unknown_field(int index, const Type& type, const FieldStep* at);
  void encode_array(int index, const Type& type, const FieldStep* at);
  void encode_map(int index, const Type& type, const FieldStep* at);
  void encode_union(int index, const Type& type, const FieldStep* at);

  lua_State* L_;
  ValueWriter writer_;
  int depth_ = 0;
};

}  // namespace perigee::avro
