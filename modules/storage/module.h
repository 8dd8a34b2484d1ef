// The modules "perigee.credentials" and "perigee.storage": who scripts are to clouds, and what they
// keep there.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "scripting/module.h"

namespace perigee {

// Both modules are Lua on perigee.http and share its parts, so one class stands for either.
class StorageModule final : public Module {
 public:
  // The program's environment: the value of a variable, if it is set.
  using Environment = std::function<std::optional<std::string>(const std::string& name)>;
  enum class Kind { kCredentials, kStorage };

  StorageModule(Kind kind, Environment environment)
      : kind_(kind), environment_(std::move(environment)) {}

  std::string_view name() const override {
    return kind_ == Kind::kCredentials ? "perigee.credentials" : "perigee.storage";
  }
  void declare(MetricRegistry& /*registry*/) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  Kind kind_;
  Environment environment_;
};

}  // namespace perigee
