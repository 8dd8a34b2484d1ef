// Writes Lua values as protobuf messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/wire_writer.h"
#include "scripting/lua.h"
#include "scripting/protobuf/field_path.h"
#include "scripting/protobuf/map_entry.h"
#include "scripting/protobuf/message_plan.h"

namespace perigee {

// A value that a message can't hold: "inputs[2].shape: expected a list of int64, found ...".
class EncodeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Messages and tables nested in each other, both ways.
inline constexpr int kMaxMessageDepth = 100;

// Memory of encoders that is used again. One encoder at a time.
struct EncoderScratch {
  // A field that a table sets.
  struct Set {
    size_t field;  // its index in the plan
    int value;     // its index on the stack
  };
  std::vector<Set> sets;
  std::vector<MapEntry> entries;
};

// Encodes one message. Fields go in the order of their numbers, the entries of maps in that of
// their keys, so equal tables are equal bytes. All indexes of the stack count from the bottom. What
// is refused leaves values on the stack and unfinished bytes behind the text.
class MessageEncoder {
 public:
  MessageEncoder(lua_State* L, MessagePlans& plans, EncoderScratch& scratch, std::string& out)
      : L_(L), plans_(plans), scratch_(scratch), text_(out), out_(out) {}

  // The fields of the message that a value is. Throws EncodeError.
  void message(int index, const MessagePlan& plan);

  // --- For messages that JSON dresses otherwise.
  // A table by the names of fields, and of nothing else but perhaps "@type".
  void fields(int table, const MessagePlan& plan, bool in_any = false);
  // The value of a field.
  void value(const FieldPlan& field, int index);
  [[noreturn]] void refuse(const std::string& what) const;
  [[noreturn]] void refuse_value(int index, std::string_view expected) const;
  lua_State* state() const { return L_; }
  MessagePlans& plans() const { return plans_; }
  protobuf::WireWriter& writer() { return out_; }

 private:
  class Step;

  void collect(int table, const MessagePlan& plan, bool in_any);
  bool may_be_null(const protobuf::FieldType& type) const;
  void check_sets(const MessagePlan& plan, size_t begin) const;
  void check_required(const MessagePlan& plan, size_t begin) const;
  [[noreturn]] void refuse_key(int key, const MessagePlan& plan) const;
  void list(const FieldPlan& field, int index);
  void check_list(int index, size_t length, const protobuf::FieldType& type) const;
  void packed(const protobuf::FieldType& type, int index, size_t length);
  void elements(const FieldPlan& field, int index, size_t length);
  void map(const FieldPlan& field, int index);
  void entry(const FieldPlan& field, int key, int value);
  void map_key(const protobuf::FieldType& type, int key, MapEntry& entry);
  void single(const FieldPlan& field, int index, bool skip_default);
  void number(const protobuf::FieldType& type, int index, bool skip_default);
  uint64_t number_bits(const protobuf::FieldType& type, int index) const;
  uint64_t enum_bits(const protobuf::FieldType& type, int index) const;
  void number_value(protobuf::WireType type, uint64_t bits);
  std::string_view bytes(const protobuf::FieldType& type, int index) const;
  void nested(const FieldPlan& field, int index);

  lua_State* L_;
  MessagePlans& plans_;
  EncoderScratch& scratch_;
  std::string& text_;
  protobuf::WireWriter out_;
  const FieldStep* path_ = nullptr;
  int depth_ = 0;
};

}  // namespace perigee
