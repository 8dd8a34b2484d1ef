// How the messages of schemas meet the tables of one Lua state: the plans of types with the strings
// that their fields' names are there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/protobuf/message_type.h"
#include "scripting/lua.h"

namespace perigee {

class MessagePlan;
class MessagePlans;

struct FieldPlan {
  const protobuf::FieldType* type = nullptr;
  const MessagePlan* message = nullptr;  // of messages, groups and maps
};

// A type's fields by the addresses of their names, which Lua has once each.
class MessagePlan {
 public:
  MessagePlan(lua_State* L, const protobuf::MessageType& type);
  // Must be called once, when the plans know this one: messages may contain themselves.
  void link(MessagePlans& plans);

  const protobuf::MessageType& type() const { return type_; }
  // In the order of their numbers.
  const std::vector<FieldPlan>& fields() const { return fields_; }
  const FieldPlan& field(size_t index) const { return fields_[index]; }
  // The index of the field whose name is the Lua string at this address; -1 if there is none.
  int find(const char* name) const {
    for (size_t at = hash(name) & mask_;; at = (at + 1) & mask_) {
      if (slots_[at].name == name) return slots_[at].field;
      if (slots_[at].name == nullptr) return -1;
    }
  }
  // Pushes the table of the fields' names: the name of field i is at i + 1.
  void push_names(lua_State* L) const { lua_rawgeti(L, LUA_REGISTRYINDEX, names_); }
  // How many fields a decoded table has at least: those that are there even where nobody set them.
  int always_there() const { return always_there_; }

 private:
  struct Slot {
    const char* name = nullptr;
    int field = -1;
  };

  void add_name(const char* name, int field);
  static size_t hash(const char* name) {
    const auto address = reinterpret_cast<uintptr_t>(name);
    return address >> 4 ^ address >> 9;
  }

  const protobuf::MessageType& type_;
  std::vector<FieldPlan> fields_;
  std::vector<Slot> slots_;
  size_t mask_ = 0;
  int names_ = LUA_NOREF;
  int always_there_ = 0;
};

// The plans of a Lua state, made when they are first asked for. Schemas whose types have been asked
// for must outlive it, and the state must, too.
class MessagePlans {
 public:
  explicit MessagePlans(lua_State* main) : L_(main) {}
  MessagePlans(const MessagePlans&) = delete;
  MessagePlans& operator=(const MessagePlans&) = delete;
  ~MessagePlans() = default;

  const MessagePlan& of(const protobuf::MessageType& type);

 private:
  lua_State* L_;
  std::map<const protobuf::MessageType*, std::unique_ptr<MessagePlan>> plans_;
};

}  // namespace perigee
