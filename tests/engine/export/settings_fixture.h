// Variables as settings of exports see them, in tests.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/base/log.h"
#include "engine/export/export_settings.h"

namespace perigee::exports {

// Names come without K6_, which messages have.
struct SettingsFixture {
  using Environment = std::map<std::string, std::string>;

  Variables variables() const {
    return [this](std::string_view name) -> std::optional<Variable> {
      const auto found = environment.find(std::string(name));
      if (found == environment.end()) return std::nullopt;
      return Variable{"K6_" + found->first, found->second};
    };
  }
  VariablesBeginning beginning() const {
    return [this](std::string_view prefix) {
      std::map<std::string, Variable> all;
      for (const auto& [name, value] : environment) {
        if (name.starts_with(prefix)) all[name] = {"K6_" + name, value};
      }
      return all;
    };
  }

  Environment environment;
  std::string logged;
  Log log{LogLevel::kInfo, [this](std::string_view line) { logged += line; }};
};

}  // namespace perigee::exports
