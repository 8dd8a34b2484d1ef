// Messages and services of one worker's gRPC calls.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/schema.h"
#include "scripting/lua.h"
#include "scripting/protobuf/message_codec.h"
#include "scripting/script_host.h"

namespace perigee {

class GrpcMessages {
 public:
  explicit GrpcMessages(ScriptHost& host) : host_(host), codec_(host.main_state()) {}

  MessageCodec& codec() { return codec_; }
  // Keeps the schema as long as messages of it may be met.
  void keep(std::shared_ptr<const protobuf::Schema> schema);

  // The schema of the .proto files at `files` and above, with the import paths at `paths`, a list
  // or nil. Throws std::runtime_error.
  std::shared_ptr<const protobuf::Schema> load(lua_State* L, int paths, int files);
  // The one in the protoset whose path is at `path`.
  std::shared_ptr<const protobuf::Schema> load_protoset(lua_State* L, int path);

 private:
  ScriptHost& host_;
  std::map<std::string, std::shared_ptr<const protobuf::Schema>> loaded_;  // by what was asked for
  std::vector<std::shared_ptr<const protobuf::Schema>> kept_;
  MessageCodec codec_;
};

}  // namespace perigee
