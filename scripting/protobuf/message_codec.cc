#include "scripting/protobuf/message_codec.h"

#include "scripting/lua_state.h"
#include "scripting/protobuf/message_decoder.h"

namespace perigee {
namespace {

constexpr int kSlots = 6;  // of the stack, beside those of messages

}  // namespace

void MessageCodec::encode(lua_State* L, int index, const protobuf::MessageType& type,
                          std::string& out) {
  luaL_checkstack(L, kSlots, "protobuf");
  const StackGuard guard(L);
  const size_t size = out.size();
  if (index < 0) index = lua_gettop(L) + index + 1;
  scratch_.sets.clear();
  scratch_.entries.clear();
  try {
    MessageEncoder(L, plans_, scratch_, out).message(index, plans_.of(type));
  } catch (const EncodeError&) {
    out.resize(size);
    throw;
  }
}

void MessageCodec::push_decoded(lua_State* L, std::string_view bytes,
                                const protobuf::MessageType& type) {
  luaL_checkstack(L, kSlots, "protobuf");
  const int top = lua_gettop(L);
  seen_.clear();
  try {
    MessageDecoder decoder(L, plans_, seen_);
    decoder.push(bytes, plans_.of(type));
    lua_replace(L, top + 1);
  } catch (const DecodeError&) {
    lua_settop(L, top);
    throw;
  }
}

}  // namespace perigee
