#include "tests/scripting/protobuf/codec_fixture.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/text_format.h>

#include "scripting/json_codec.h"

namespace perigee {
namespace pb = google::protobuf;

namespace {

// json.null and json.array for the expressions.
void add_json(lua_State* L) {
  lua_newtable(L);
  push_json_null(L);
  lua_setfield(L, -2, "null");
  lua_pushcfunction(L, [](lua_State* state) {
    if (lua_gettop(state) == 0) lua_newtable(state);
    mark_json_array(state);
    return 1;
  });
  lua_setfield(L, -2, "array");
  lua_setglobal(L, "json");
}

}  // namespace

CodecFixture::CodecFixture()
    : schema_(protobuf::Schema::from_proto_files({.import_paths = {"tests/support/protos"},
                                                  .files = {"everything.proto", "legacy.proto"},
                                                  .embedded = {}})) {
  add_json(lua());
  for (const char* file : {"everything.proto", "legacy.proto"}) {
    std::vector<std::string> files = schema_->file_by_name(file);
    for (auto bytes = files.rbegin(); bytes != files.rend(); ++bytes) {
      pb::FileDescriptorProto proto;
      REQUIRE(proto.ParseFromString(*bytes));
      REQUIRE(pool_.BuildFile(proto) != nullptr);
    }
  }
}

std::string CodecFixture::encoded(std::string_view type, const std::string& expression) {
  lua_settop(lua(), 0);
  REQUIRE_MESSAGE(luaL_dostring(lua(), ("return " + expression).c_str()) == 0,
                  lua_tostring(lua(), -1));
  std::string bytes = "before";
  try {
    codec_.encode(lua(), 1, schema_->message(type), bytes);
  } catch (const EncodeError& error) {
    CHECK(bytes == "before");
    CHECK(lua_gettop(lua()) == 1);
    return error.what();
  }
  CHECK(lua_gettop(lua()) == 1);
  REQUIRE(bytes.starts_with("before"));
  return bytes.substr(6);
}

std::unique_ptr<pb::Message> CodecFixture::new_message(std::string_view type) {
  const pb::Descriptor* const descriptor = pool_.FindMessageTypeByName(std::string(type));
  REQUIRE(descriptor != nullptr);
  return std::unique_ptr<pb::Message>(factory_.GetPrototype(descriptor)->New());
}

std::string CodecFixture::reference(std::string_view type, const std::string& text) {
  const auto message = new_message(type);
  pb::TextFormat::Parser parser;
  parser.AllowPartialMessage(true);
  REQUIRE_MESSAGE(parser.ParseFromString(text, message.get()), text);
  std::string bytes;
  {
    pb::io::StringOutputStream stream(&bytes);
    pb::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    REQUIRE(message->SerializePartialToCodedStream(&out));
  }
  return bytes;
}

std::string CodecFixture::read_by_reference(std::string_view type, const std::string& bytes) {
  const pb::LogSilencer silencer;
  const auto message = new_message(type);
  if (!message->ParseFromString(bytes)) return "not such a message";
  return message->ShortDebugString();
}

std::string CodecFixture::decode_error(std::string_view type, std::string_view bytes) {
  lua_settop(lua(), 0);
  try {
    codec_.push_decoded(lua(), bytes, schema_->message(type));
  } catch (const std::runtime_error& error) {
    CHECK(lua_gettop(lua()) == 0);
    return error.what();
  }
  CHECK(lua_gettop(lua()) == 1);
  return "";
}

std::string CodecFixture::decoded(std::string_view type, std::string_view bytes) {
  std::string text = decode_error(type, bytes);
  if (text.empty()) encode_json(lua(), 1, text);
  return text;
}

bool CodecFixture::holds(std::string_view type, std::string_view bytes,
                         const std::string& condition) {
  lua_settop(lua(), 0);
  codec_.push_decoded(lua(), bytes, schema_->message(type));
  lua_setglobal(lua(), "v");
  REQUIRE_MESSAGE(luaL_dostring(lua(), ("return " + condition).c_str()) == 0,
                  lua_tostring(lua(), -1));
  return lua_toboolean(lua(), -1) != 0;
}

}  // namespace perigee
