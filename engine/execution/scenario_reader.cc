#include "engine/execution/scenario_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "engine/execution/json_reader.h"

namespace perigee {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::array<std::string_view, 4> kExecutors{"constant-vus", "shared-iterations",
                                                     "per-vu-iterations", "constant-arrival-rate"};
constexpr std::array<std::string_view, 3> kLaterExecutors{"ramping-vus", "ramping-arrival-rate",
                                                          "externally-controlled"};
constexpr std::array<std::string_view, 6> kCommonKeys{"executor", "startTime", "gracefulStop",
                                                      "exec",     "env",       "tags"};
constexpr int64_t kMostVus = 100'000'000;

void allow_keys(const JsonReader& reader, std::initializer_list<std::string_view> own) {
  std::vector<std::string_view> known(kCommonKeys.begin(), kCommonKeys.end());
  known.insert(known.end(), own);
  reader.allow_only(known);
}

void read_vus(const JsonReader& reader, const char* key, int64_t& vus) {
  reader.read(key, vus, 1);
  if (vus > kMostVus) reader.fail(key, fmt::format("must be at most {}", kMostVus));
}

ExecutorConfig read_constant_vus(const JsonReader& reader) {
  allow_keys(reader, {"vus", "duration"});
  ConstantVus config;
  read_vus(reader, "vus", config.vus);
  reader.require("duration", "say how long the VUs loop, e.g. \"30s\"");
  reader.read("duration", config.duration, 1s);
  return config;
}

template <typename Config>
Config read_iterations(const JsonReader& reader) {
  allow_keys(reader, {"vus", "iterations", "maxDuration"});
  Config config;
  read_vus(reader, "vus", config.vus);
  reader.read("iterations", config.iterations, 1);
  reader.read("maxDuration", config.max_duration, 1s);
  return config;
}

ExecutorConfig read_shared_iterations(const JsonReader& reader) {
  const auto config = read_iterations<SharedIterations>(reader);
  if (config.iterations < config.vus) {
    reader.fail("iterations", fmt::format("must be at least the number of VUs ({}), got {}",
                                          config.vus, config.iterations));
  }
  return config;
}

void read_rate(const JsonReader& reader, ConstantArrivalRate& config) {
  reader.require("rate", "say how many iterations start per timeUnit, e.g. 200");
  reader.read("rate", config.rate);
  reader.read("timeUnit", config.time_unit, 1ms);
  if (!std::isfinite(config.rate) || config.rate <= 0) {
    reader.fail("rate", fmt::format("must be above 0, got {}", reader.at("rate").dump()));
  }
  if (config.rate / to_seconds(config.time_unit) > 1e7) {
    reader.fail("rate", "is above 10 million iterations per second");
  }
}

ExecutorConfig read_constant_arrival_rate(const JsonReader& reader) {
  allow_keys(reader, {"rate", "timeUnit", "duration", "preAllocatedVUs", "maxVUs"});
  ConstantArrivalRate config;
  read_rate(reader, config);
  reader.require("duration", "say how long iterations start, e.g. \"30s\"");
  reader.read("duration", config.duration, 1s);
  reader.require("preAllocatedVUs", "say how many VUs are made before the run starts");
  reader.read("preAllocatedVUs", config.pre_allocated_vus, 0);
  config.max_vus = std::max<int64_t>(config.pre_allocated_vus, 1);
  read_vus(reader, "maxVUs", config.max_vus);
  if (config.max_vus < config.pre_allocated_vus) {
    reader.fail("maxVUs", fmt::format("must be at least preAllocatedVUs ({}), got {}",
                                      config.pre_allocated_vus, config.max_vus));
  }
  return config;
}

ExecutorConfig read_config(const JsonReader& reader, const std::string& executor) {
  if (executor == "constant-vus") return read_constant_vus(reader);
  if (executor == "shared-iterations") return read_shared_iterations(reader);
  if (executor == "constant-arrival-rate") return read_constant_arrival_rate(reader);
  if (executor == "per-vu-iterations") return read_iterations<PerVuIterations>(reader);
  if (std::find(kLaterExecutors.begin(), kLaterExecutors.end(), executor) !=
      kLaterExecutors.end()) {
    reader.fail("executor", fmt::format("\"{}\" is not available in this version; there are {}",
                                        executor, fmt::join(kExecutors, ", ")));
  }
  reader.fail("executor",
              fmt::format("there is no executor \"{}\"{}; there are {}", executor,
                          did_you_mean(executor, kExecutors), fmt::join(kExecutors, ", ")));
}

void check_name(const std::string& name) {
  constexpr std::string_view kAllowed =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";
  if (!name.empty() && name.find_first_not_of(kAllowed) == std::string::npos) return;
  throw ConfigError(fmt::format(
      "options.scenarios: \"{}\" is no scenario name: use letters, digits, - and _ only", name));
}

Scenario read_scenario(const std::string& name, const json& object) {
  check_name(name);
  const JsonReader reader(object, "options.scenarios." + name);
  reader.require("executor", fmt::format("there are {}", fmt::join(kExecutors, ", ")).c_str());
  Scenario scenario;
  scenario.name = name;
  reader.read("executor", scenario.executor);
  scenario.config = read_config(reader, scenario.executor);
  reader.read("startTime", scenario.start_time, 0s);
  reader.read("gracefulStop", scenario.graceful_stop, 0s);
  reader.read("exec", scenario.exec);
  reader.read("env", scenario.env);
  reader.read("tags", scenario.tags);
  return scenario;
}

}  // namespace

std::vector<Scenario> read_scenarios(const json& scenarios) {
  if (!scenarios.is_object() || scenarios.empty()) {
    throw ConfigError("options.scenarios: must be a table of named scenarios, got " +
                      scenarios.dump());
  }
  std::vector<Scenario> result;
  for (const auto& [name, object] : scenarios.items()) {
    result.push_back(read_scenario(name, object));
  }
  return result;
}

Scenario shortcut_scenario(const json& options) {
  const JsonReader reader(options, "options");
  if (reader.has("stages")) reader.fail("stages", "ramping is not available in this version");
  int64_t vus = 1;
  int64_t iterations = 1;
  Duration duration{};
  read_vus(reader, "vus", vus);
  reader.read("iterations", iterations, 1);
  reader.read("duration", duration, 1ms);
  Scenario scenario;
  scenario.name = "default";
  if (reader.has("iterations") || (reader.has("vus") && !reader.has("duration"))) {
    SharedIterations config{.vus = vus, .iterations = reader.has("iterations") ? iterations : vus};
    if (reader.has("duration")) config.max_duration = duration;
    if (config.iterations < config.vus) {
      reader.fail("iterations", fmt::format("must be at least the number of VUs ({}), got {}", vus,
                                            config.iterations));
    }
    scenario.executor = "shared-iterations";
    scenario.config = config;
  } else if (reader.has("duration")) {
    scenario.executor = "constant-vus";
    scenario.config = ConstantVus{.vus = vus, .duration = duration};
  } else {
    scenario.executor = "per-vu-iterations";
    scenario.config = PerVuIterations{};
  }
  return scenario;
}

}  // namespace perigee
