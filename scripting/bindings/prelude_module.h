// Modules that are Lua as a whole and need nothing of the program: prelude/NAME.lua returns their
// table.
#pragma once

#include <string>

#include "scripting/module.h"

namespace perigee {

class PreludeModule final : public Module {
 public:
  // `name` is that of the file: scripts require "perigee.NAME".
  explicit PreludeModule(std::string name)
      : prelude_(std::move(name)), name_("perigee." + prelude_) {}

  std::string_view name() const override { return name_; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  const std::string prelude_;
  const std::string name_;
};

}  // namespace perigee
