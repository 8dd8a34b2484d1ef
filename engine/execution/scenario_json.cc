#include "engine/execution/scenario_json.h"

#include <nlohmann/json.hpp>

#include "engine/base/duration.h"

namespace perigee {
namespace {

using nlohmann::json;

// A rate that is a whole number is written as one.
json number(double value) {
  const auto whole = static_cast<int64_t>(value);
  return static_cast<double>(whole) == value ? json(whole) : json(value);
}
json number(int64_t value) {
  return value;
}

template <typename Target>
json stages_json(const std::vector<Stage<Target>>& stages) {
  json list = json::array();
  for (const auto& stage : stages) {
    list.push_back(
        {{"duration", format_duration(stage.duration)}, {"target", number(stage.target)}});
  }
  return list;
}

template <typename Config>
json iterations_json(const Config& c) {
  return {{"vus", c.vus},
          {"iterations", c.iterations},
          {"maxDuration", format_duration(c.max_duration)}};
}

json config_json(const ConstantVus& c) {
  return {{"vus", c.vus}, {"duration", format_duration(c.duration)}};
}
json config_json(const RampingVus& c) {
  return {{"startVUs", c.start_vus},
          {"stages", stages_json(c.stages)},
          {"gracefulRampDown", format_duration(c.graceful_ramp_down)}};
}
json config_json(const SharedIterations& c) {
  return iterations_json(c);
}
json config_json(const PerVuIterations& c) {
  return iterations_json(c);
}
// Adds what both arrival rates have.
template <typename Config>
json with_arrivals(json result, const Config& c) {
  result["timeUnit"] = format_duration(c.time_unit);
  result["preAllocatedVUs"] = c.pre_allocated_vus;
  result["maxVUs"] = c.max_vus;
  result["arrival"] = c.rules.poisson_seed ? "poisson" : "regular";
  if (c.rules.poisson_seed) result["seed"] = *c.rules.poisson_seed;
  result["overload"] = c.rules.overload == Overload::kQueue ? "queue" : "drop";
  return result;
}

json config_json(const ConstantArrivalRate& c) {
  return with_arrivals({{"rate", number(c.rate)}, {"duration", format_duration(c.duration)}}, c);
}
json config_json(const RampingArrivalRate& c) {
  return with_arrivals({{"startRate", number(c.start_rate)}, {"stages", stages_json(c.stages)}}, c);
}

}  // namespace

json to_json(const Scenario& scenario) {
  json result = std::visit([](const auto& config) { return config_json(config); }, scenario.config);
  result["executor"] = scenario.executor;
  result["startTime"] = format_duration(scenario.start_time);
  result["gracefulStop"] = format_duration(scenario.graceful_stop);
  result["exec"] = scenario.exec;
  result["env"] = scenario.env;
  result["tags"] = scenario.tags;
  return result;
}

}  // namespace perigee
