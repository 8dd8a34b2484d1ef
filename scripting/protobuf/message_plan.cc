#include "scripting/protobuf/message_plan.h"

#include <bit>

#include "scripting/lua_state.h"

namespace perigee {

MessagePlan::MessagePlan(lua_State* L, const protobuf::MessageType& type) : type_(type) {
  const size_t count = type.fields().size();
  slots_.resize(std::bit_ceil(4 * count + 1));
  mask_ = slots_.size() - 1;
  lua_createtable(L, static_cast<int>(2 * count), 0);
  for (size_t i = 0; i < count; ++i) {
    const protobuf::FieldType& field = type.fields()[i];
    fields_.push_back({&field, nullptr});
    if (!field.has_presence) ++always_there_;
    push_view(L, field.name);
    add_name(lua_tostring(L, -1), static_cast<int>(i));
    lua_rawseti(L, -2, static_cast<int>(i + 1));
  }
  // Names in JSON come second: one may be another field's own name.
  for (size_t i = 0; i < count; ++i) {
    push_view(L, type.fields()[i].json_name);
    add_name(lua_tostring(L, -1), static_cast<int>(i));
    lua_rawseti(L, -2, static_cast<int>(count + i + 1));
  }
  names_ = luaL_ref(L, LUA_REGISTRYINDEX);
}

void MessagePlan::link(MessagePlans& plans) {
  for (FieldPlan& field : fields_) {
    if (field.type->message != nullptr) field.message = &plans.of(*field.type->message);
  }
}

void MessagePlan::add_name(const char* name, int field) {
  size_t at = hash(name) & mask_;
  while (slots_[at].name != nullptr) {
    if (slots_[at].name == name) return;
    at = (at + 1) & mask_;
  }
  slots_[at] = {name, field};
}

const MessagePlan& MessagePlans::of(const protobuf::MessageType& type) {
  std::unique_ptr<MessagePlan>& plan = plans_[&type];
  if (plan == nullptr) {
    plan = std::make_unique<MessagePlan>(L_, type);
    plan->link(*this);
  }
  return *plan;
}

}  // namespace perigee
