// The module "perigee.sync": what VUs of one run agree on, whichever worker they are on.
#pragma once

#include "modules/sync/room.h"
#include "scripting/module.h"

namespace perigee {

class SyncModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.sync"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  sync::Room room_;
};

}  // namespace perigee
