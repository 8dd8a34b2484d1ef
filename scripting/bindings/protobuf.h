// The module "perigee.protobuf": messages by their .proto files, to bytes and back.
#pragma once

#include <memory>
#include <utility>

#include "scripting/module.h"
#include "scripting/protobuf/schema_cache.h"

namespace perigee {

class ProtobufModule final : public Module {
 public:
  // The cache is shared with other modules that load schemas.
  explicit ProtobufModule(std::shared_ptr<SchemaCache> schemas) : schemas_(std::move(schemas)) {}

  std::string_view name() const override { return "perigee.protobuf"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  std::shared_ptr<SchemaCache> schemas_;
};

}  // namespace perigee
