// Reads protobuf messages as Lua values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/wire_reader.h"
#include "scripting/lua.h"
#include "scripting/protobuf/field_path.h"
#include "scripting/protobuf/message_plan.h"

namespace perigee {

// Bytes that are no such message: "inputs[2].shape: truncated".
class DecodeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Decodes one message. Fields that have presence are nil where nobody set them, all others are
// there; unknown ones are passed over. Lists are marked as JSON's arrays.
class MessageDecoder {
 public:
  // `seen` is memory that is used again. Keeps a slot of the stack until the caller pops it.
  MessageDecoder(lua_State* L, MessagePlans& plans, std::vector<uint8_t>& seen);

  // Pushes the value. Throws DecodeError, and leaves values on the stack then.
  void push(std::string_view bytes, const MessagePlan& plan);

  // --- For messages that JSON dresses otherwise.
  // A table by the names of fields.
  void push_fields(std::string_view bytes, const MessagePlan& plan);
  // The value of one field.
  struct Raw {
    uint64_t bits = 0;       // of numbers
    std::string_view bytes;  // of all else
  };
  void push_value(const FieldPlan& field, const Raw& raw);
  static Raw read(protobuf::WireReader& reader, const protobuf::FieldType& type);
  void push_default(const FieldPlan& field);
  [[noreturn]] void refuse(std::string_view what) const;
  void check(const protobuf::WireReader& reader) const;
  lua_State* state() const { return L_; }
  MessagePlans& plans() const { return plans_; }

 private:
  class Step;
  struct Table;

  void read_fields(std::string_view bytes, Table& table);
  void take(protobuf::WireReader& reader, Table& table, size_t field);
  void take_single(protobuf::WireReader& reader, Table& table, size_t field);
  void set_single(Table& table, size_t field, const Raw& raw);
  void clear_oneof(const Table& table, size_t field);
  std::string merged(const Table& table, const protobuf::FieldType& type) const;
  void open_list(Table& table, size_t field, size_t likely_size);
  void take_element(const Raw& raw, Table& table, const FieldPlan& field);
  void take_packed(std::string_view bytes, Table& table, const FieldPlan& field);
  void take_entry(std::string_view bytes, const FieldPlan& field);
  void push_map_key(const protobuf::FieldType& type, const Raw& raw);
  void push_text(const protobuf::FieldType& type, std::string_view text);
  void push_enum(const protobuf::EnumType& enumeration, uint64_t bits);
  void push_list(const protobuf::FieldType& type, int likely_size);
  void add_defaults(const Table& table);

  lua_State* L_;
  MessagePlans& plans_;
  std::vector<uint8_t>& seen_;
  int mark_;  // where on the stack the mark of arrays is
  const FieldStep* path_ = nullptr;
  int depth_ = 0;
};

}  // namespace perigee
