// The module "perigee.data": lists that all VUs read and that are in memory once.
#pragma once

#include "scripting/data/shared_arrays.h"
#include "scripting/module.h"

namespace perigee {

class DataModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.data"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  SharedArrays arrays_;
};

}  // namespace perigee
