// The settings of an export, as variables of the environment give them.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/output/variables.h"

namespace perigee::exports {

// All variables whose names begin so, without PERIGEE_ or K6_: each once, PERIGEE_X before K6_X.
using VariablesBeginning = std::function<std::map<std::string, Variable>(std::string_view prefix)>;

inline std::map<std::string, Variable> no_variables_beginning(std::string_view /*prefix*/) {
  return {};
}

// Reads settings by the part of their names behind a prefix such as "PROMETHEUS_RW_". What is not
// set, or empty, has the value that stands for that. Malformed values throw ConfigError that names
// the variable.
class ExportSettings {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  ExportSettings(std::string prefix, const Variables& variables,
                 const VariablesBeginning& beginning)
      : prefix_(std::move(prefix)), variables_(variables), beginning_(beginning) {}

  bool has(std::string_view name) const { return find(name).has_value(); }
  std::string text(std::string_view name, std::string_view otherwise = "") const;
  bool flag(std::string_view name, bool otherwise) const;
  Duration duration(std::string_view name, Duration otherwise) const;
  // "name:value,name:value", with `separator` between name and value.
  Headers headers(std::string_view name, char separator) const;
  // Those of the variables that begin so: HEADERS_NAME=value.
  Headers headers_beginning(std::string_view name) const;
  // One of these, in any case of its letters.
  std::string choice(std::string_view name, std::span<const std::string_view> choices,
                     std::string_view otherwise) const;

  // What a variable is called in messages.
  std::string where(std::string_view name) const;
  [[noreturn]] void refuse(std::string_view name, std::string_view why) const;
  // A warning for each variable that begins with the prefix and is none of these names; one that
  // ends in "_" stands for all that begin so.
  std::vector<std::string> unknown(std::span<const std::string_view> names) const;

 private:
  std::optional<Variable> find(std::string_view name) const;

  const std::string prefix_;
  const Variables& variables_;
  const VariablesBeginning& beginning_;
};

}  // namespace perigee::exports
