#include "engine/execution/scenario_change.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

[[noreturn]] void refuse_unknown(const std::vector<Scenario>& scenarios, const std::string& name) {
  std::vector<std::string_view> known;
  for (const Scenario& scenario : scenarios)
    known.push_back(scenario.name);
  throw ConfigError(fmt::format("there is no scenario \"{}\"{}", name, did_you_mean(name, known)));
}

bool loops(const Scenario& scenario) {
  return std::holds_alternative<ConstantVus>(scenario.config) ||
         std::holds_alternative<RampingVus>(scenario.config);
}

void check(const Scenario& scenario, const ScenarioChange& change) {
  if (change.vus && !loops(scenario)) {
    throw ConfigError(
        fmt::format("the VUs of scenario {} can't be changed: its executor is {}; those of "
                    "constant-vus and ramping-vus can",
                    scenario.name, scenario.executor));
  }
  if (change.rate && !scenario.is_open()) {
    throw ConfigError(fmt::format("scenario {} has no rate to change: its executor is {}",
                                  scenario.name, scenario.executor));
  }
  if (change.vus.value_or(0) < 0) {
    throw ConfigError(
        fmt::format("scenario {}: there can't be {} VUs", scenario.name, *change.vus));
  }
  if (const double rate = change.rate.value_or(0); !std::isfinite(rate) || rate < 0) {
    throw ConfigError(fmt::format("scenario {}: the rate can't be {}", scenario.name, rate));
  }
}

}  // namespace

size_t find_changeable(const std::vector<Scenario>& scenarios, const std::string& name,
                       const ScenarioChange& change) {
  const auto found = std::find_if(scenarios.begin(), scenarios.end(),
                                  [&](const Scenario& one) { return one.name == name; });
  if (found == scenarios.end()) refuse_unknown(scenarios, name);
  check(*found, change);
  return static_cast<size_t>(found - scenarios.begin());
}

ScenarioChange merge(const ScenarioChange& earlier, const ScenarioChange& later) {
  return {.vus = later.vus ? later.vus : earlier.vus,
          .rate = later.rate ? later.rate : earlier.rate};
}

Duration time_unit(const Scenario& scenario) {
  if (const auto* ramping = std::get_if<RampingArrivalRate>(&scenario.config)) {
    return ramping->time_unit;
  }
  return std::get<ConstantArrivalRate>(scenario.config).time_unit;
}

}  // namespace perigee
