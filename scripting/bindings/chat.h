// The module "perigee.chat": what the streams of language models say.
#pragma once

#include "scripting/module.h"

namespace perigee {

class ChatModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.chat"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
