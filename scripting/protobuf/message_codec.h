// Messages of schemas to and from the Lua values of one worker.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/message_type.h"
#include "scripting/lua.h"
#include "scripting/protobuf/message_encoder.h"
#include "scripting/protobuf/message_plan.h"

namespace perigee {

// Used on its worker's thread only. Schemas whose types it has met must outlive it.
class MessageCodec {
 public:
  explicit MessageCodec(lua_State* main) : plans_(main) {}

  // Appends the message that the value at `index` is. Throws EncodeError and appends nothing then.
  void encode(lua_State* L, int index, const protobuf::MessageType& type, std::string& out);
  // Pushes the value of a message. Throws DecodeError and pushes nothing then.
  void push_decoded(lua_State* L, std::string_view bytes, const protobuf::MessageType& type);

 private:
  MessagePlans plans_;
  EncoderScratch scratch_;
  std::vector<uint8_t> seen_;
};

}  // namespace perigee
