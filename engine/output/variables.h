// The environment as options see it: PERIGEE_X, and K6_X where that is not set.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace perigee {

struct Variable {
  // As it is called in the environment: "K6_CSV_FILENAME".
  std::string name;
  std::string value;
};

// Finds a variable by its name without the prefix: "CSV_FILENAME".
using Variables = std::function<std::optional<Variable>(std::string_view name)>;

// An empty environment.
inline std::optional<Variable> no_variables(std::string_view /*name*/) {
  return std::nullopt;
}

}  // namespace perigee
