// Messages and services of one worker's gRPC calls.
#pragma once

#include <memory>
#include <vector>

#include "engine/protobuf/schema.h"
#include "scripting/protobuf/message_codec.h"
#include "scripting/protobuf/schema_loader.h"
#include "scripting/script_host.h"

namespace perigee {

class GrpcMessages {
 public:
  GrpcMessages(ScriptHost& host, SchemaCache& schemas)
      : loader_(host, schemas), codec_(host.main_state()) {}

  const SchemaLoader& loader() const { return loader_; }
  MessageCodec& codec() { return codec_; }
  // Keeps a schema that is not the loader's as long as messages of it may be met.
  void keep(std::shared_ptr<const protobuf::Schema> schema);

 private:
  SchemaLoader loader_;
  std::vector<std::shared_ptr<const protobuf::Schema>> kept_;
  MessageCodec codec_;
};

}  // namespace perigee
