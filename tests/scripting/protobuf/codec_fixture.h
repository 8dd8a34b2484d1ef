// Messages by the codec of scripts, and by libprotobuf to compare with.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include "engine/protobuf/schema.h"
#include "scripting/lua_state.h"
#include "scripting/protobuf/message_codec.h"

namespace perigee {

// Knows tests/support/protos.
class CodecFixture {
 public:
  CodecFixture();

  // The bytes of the value of a Lua expression, or the text of the error.
  std::string encoded(std::string_view type, const std::string& expression);
  // The bytes that libprotobuf makes of a message in its text format.
  std::string reference(std::string_view type, const std::string& text);
  // What libprotobuf reads in bytes, as text on one line.
  std::string read_by_reference(std::string_view type, const std::string& bytes);
  // What is decoded, as JSON, or the text of the error.
  std::string decoded(std::string_view type, std::string_view bytes);
  // What is wrong with the bytes, or "".
  std::string decode_error(std::string_view type, std::string_view bytes);
  // Whether a condition on `v` holds for what is decoded.
  bool holds(std::string_view type, std::string_view bytes, const std::string& condition);

  lua_State* lua() { return state_.get(); }
  const protobuf::Schema& schema() const { return *schema_; }
  MessageCodec& codec() { return codec_; }

 private:
  std::unique_ptr<google::protobuf::Message> new_message(std::string_view type);

  LuaStatePtr state_ = make_lua_state(/*jit=*/true);
  std::shared_ptr<const protobuf::Schema> schema_;
  MessageCodec codec_{state_.get()};
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_{&pool_};
};

}  // namespace perigee
