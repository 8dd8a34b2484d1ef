// The module "perigee.avro": values in Avro, and the schema registry that messages name schemas by.
#pragma once

#include <memory>

#include "scripting/module.h"

namespace perigee {

class AvroModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.avro"; }
  void declare(MetricRegistry& /*registry*/) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
