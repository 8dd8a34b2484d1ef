#include "engine/execution/scenario_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/base/json_text.h"
#include "engine/base/suggest.h"
#include "engine/execution/json_reader.h"

namespace perigee {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::array<std::string_view, 6> kExecutors{
    "constant-vus",      "ramping-vus",           "shared-iterations",
    "per-vu-iterations", "constant-arrival-rate", "ramping-arrival-rate"};
constexpr std::array<std::string_view, 6> kCommonKeys{"executor", "startTime", "gracefulStop",
                                                      "exec",     "env",       "tags"};
constexpr std::array<std::string_view, 1> kRefusedExecutors{"externally-controlled"};
constexpr int64_t kMostVus = 100'000'000;
constexpr double kMostPerSecond = 1e7;
// As the reader of durations has it for one.
constexpr Duration kLongestStages = std::chrono::hours(24 * 365 * 10);
constexpr const char* kStagesExample = "e.g. { { duration = \"30s\", target = 10 } }";

void allow_keys(const JsonReader& reader, std::initializer_list<std::string_view> own) {
  std::vector<std::string_view> known(kCommonKeys.begin(), kCommonKeys.end());
  known.insert(known.end(), own);
  // A seed is refused where nothing is random, and not offered there.
  const bool is_random = reader.has("arrival") && reader.at("arrival") == "poisson";
  if (!is_random && !reader.object().contains("seed")) std::erase(known, "seed");
  reader.allow_only(known);
}

void read_vus(const JsonReader& reader, const char* key, int64_t& vus, int64_t least) {
  reader.read(key, vus, least);
  if (vus > kMostVus) reader.fail(key, fmt::format("must be at most {}", kMostVus));
}

ExecutorConfig read_constant_vus(const JsonReader& reader) {
  allow_keys(reader, {"vus", "duration"});
  ConstantVus config;
  read_vus(reader, "vus", config.vus, 1);
  reader.require("duration", "say how long the VUs loop, e.g. \"30s\"");
  reader.read_length("duration", config.duration, 1s);
  return config;
}

template <typename Config>
Config read_iterations(const JsonReader& reader) {
  allow_keys(reader, {"vus", "iterations", "maxDuration"});
  Config config;
  read_vus(reader, "vus", config.vus, 1);
  reader.read("iterations", config.iterations, 1);
  reader.read_length("maxDuration", config.max_duration, 1s);
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

void check_rate(const JsonReader& reader, const char* key, double rate, Duration unit) {
  if (!std::isfinite(rate) || rate < 0) {
    reader.fail(key, fmt::format("must not be negative, got {}", json_text(reader.at(key))));
  }
  if (rate / to_seconds(unit) > kMostPerSecond) {
    reader.fail(key, "is above 10 million iterations per second");
  }
}

// One of two words.
bool read_choice(const JsonReader& reader, const char* key, std::string_view normal,
                 std::string_view other) {
  std::string word(normal);
  reader.read(key, word);
  if (word != normal && word != other) {
    reader.fail(key, fmt::format("\"{}\" is neither \"{}\" nor \"{}\"", word, normal, other));
  }
  return word == other;
}

// Small enough to be typed again.
uint64_t any_seed() {
  return std::random_device{}() % 1'000'000'000;
}

ArrivalRules read_arrival_rules(const JsonReader& reader) {
  ArrivalRules rules;
  if (read_choice(reader, "arrival", "regular", "poisson")) {
    auto seed = static_cast<int64_t>(any_seed());
    reader.read("seed", seed, 0);
    rules.poisson_seed = static_cast<uint64_t>(seed);
  } else if (reader.has("seed")) {
    reader.fail("seed", "is for arrival = \"poisson\"; regular arrivals are the same in every run");
  }
  if (read_choice(reader, "overload", "drop", "queue")) rules.overload = Overload::kQueue;
  return rules;
}

// What the arrival-rate executors say of their VUs.
template <typename Config>
void read_arrival_vus(const JsonReader& reader, Config& config) {
  reader.require("preAllocatedVUs", "say how many VUs are made before the run starts");
  reader.read("preAllocatedVUs", config.pre_allocated_vus, 0);
  config.max_vus = std::max<int64_t>(config.pre_allocated_vus, 1);
  read_vus(reader, "maxVUs", config.max_vus, 1);
  if (config.max_vus < config.pre_allocated_vus) {
    reader.fail("maxVUs", fmt::format("must be at least preAllocatedVUs ({}), got {}",
                                      config.pre_allocated_vus, config.max_vus));
  }
}

ExecutorConfig read_constant_arrival_rate(const JsonReader& reader) {
  allow_keys(reader, {"rate", "timeUnit", "duration", "preAllocatedVUs", "maxVUs", "arrival",
                      "seed", "overload"});
  ConstantArrivalRate config;
  reader.require("rate", "say how many iterations start per timeUnit, e.g. 200");
  reader.read("rate", config.rate);
  reader.read("timeUnit", config.time_unit, 1ms);
  if (config.rate <= 0) {
    reader.fail("rate", fmt::format("must be above 0, got {}", json_text(reader.at("rate"))));
  }
  check_rate(reader, "rate", config.rate, config.time_unit);
  reader.require("duration", "say how long iterations start, e.g. \"30s\"");
  reader.read_length("duration", config.duration, 1s);
  read_arrival_vus(reader, config);
  config.rules = read_arrival_rules(reader);
  return config;
}

template <typename Target, typename ReadTarget>
Stage<Target> read_stage(const JsonReader& reader, ReadTarget read_target) {
  constexpr std::array<std::string_view, 2> kStageKeys{"duration", "target"};
  reader.allow_only(kStageKeys);
  Stage<Target> stage;
  reader.require("duration", "say how long the way to the target takes, e.g. \"30s\"");
  reader.read_length("duration", stage.duration, 0s);
  reader.require("target", "say what the stage goes to");
  read_target(reader, stage.target);
  return stage;
}

// `read_target` reads and checks the target of one stage.
template <typename Target, typename ReadTarget>
std::vector<Stage<Target>> read_stages(const JsonReader& reader, ReadTarget read_target) {
  reader.require("stages", kStagesExample);
  const json& list = reader.at("stages");
  if (!list.is_array() || list.empty()) {
    reader.fail("stages", fmt::format("must be a list of stages, got {}: {}", json_text(list),
                                      kStagesExample));
  }
  std::vector<Stage<Target>> stages;
  for (const json& item : list) {
    const std::string where = fmt::format("{}[{}]", reader.path("stages"), stages.size() + 1);
    stages.push_back(read_stage<Target>(JsonReader(item, where), read_target));
  }
  const Duration length = length_of(stages);
  if (length == Duration::zero()) reader.fail("stages", "last no time: give one a duration");
  if (length > kLongestStages) {
    reader.fail("stages", "must last at most " + format_duration(kLongestStages) + " together");
  }
  return stages;
}

std::vector<Stage<int64_t>> read_vu_stages(const JsonReader& reader, int64_t start_vus) {
  auto stages = read_stages<int64_t>(reader, [](const JsonReader& stage, int64_t& target) {
    read_vus(stage, "target", target, 0);
  });
  const bool any =
      std::any_of(stages.begin(), stages.end(), [](const auto& stage) { return stage.target > 0; });
  if (start_vus == 0 && !any) {
    reader.fail("stages", "have no VUs: startVUs or the target of a stage must be above 0");
  }
  return stages;
}

ExecutorConfig read_ramping_vus(const JsonReader& reader) {
  allow_keys(reader, {"startVUs", "stages", "gracefulRampDown"});
  RampingVus config;
  read_vus(reader, "startVUs", config.start_vus, 0);
  config.stages = read_vu_stages(reader, config.start_vus);
  reader.read("gracefulRampDown", config.graceful_ramp_down, 0s);
  return config;
}

ExecutorConfig read_ramping_arrival_rate(const JsonReader& reader) {
  allow_keys(reader, {"startRate", "timeUnit", "stages", "preAllocatedVUs", "maxVUs", "arrival",
                      "seed", "overload"});
  RampingArrivalRate config;
  reader.read("startRate", config.start_rate);
  reader.read("timeUnit", config.time_unit, 1ms);
  check_rate(reader, "startRate", config.start_rate, config.time_unit);
  double most = config.start_rate;
  config.stages = read_stages<double>(reader, [&](const JsonReader& stage, double& target) {
    stage.read("target", target);
    check_rate(stage, "target", target, config.time_unit);
    most = std::max(most, target);
  });
  if (most == 0) {
    reader.fail("stages", "have no rate: startRate or the target of a stage must be above 0");
  }
  read_arrival_vus(reader, config);
  config.rules = read_arrival_rules(reader);
  return config;
}

ExecutorConfig read_config(const JsonReader& reader, const std::string& executor) {
  if (executor == "constant-vus") return read_constant_vus(reader);
  if (executor == "ramping-vus") return read_ramping_vus(reader);
  if (executor == "shared-iterations") return read_shared_iterations(reader);
  if (executor == "per-vu-iterations") return read_iterations<PerVuIterations>(reader);
  if (executor == "constant-arrival-rate") return read_constant_arrival_rate(reader);
  if (executor == "ramping-arrival-rate") return read_ramping_arrival_rate(reader);
  if (executor == kRefusedExecutors.front()) {
    reader.fail("executor",
                fmt::format("k6 has removed \"externally-controlled\" and it is not here either; "
                            "there are {}",
                            fmt::join(kExecutors, ", ")));
  }
  reader.fail("executor", fmt::format("there is no executor \"{}\"{}; there are {}", executor,
                                      did_you_mean(executor, kExecutors, kRefusedExecutors),
                                      fmt::join(kExecutors, ", ")));
}

void check_name(const std::string& name, const std::string& where) {
  constexpr std::string_view kAllowed =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";
  if (!name.empty() && name.find_first_not_of(kAllowed) == std::string::npos) return;
  throw ConfigError(fmt::format("{}: \"{}\" is no scenario name: use letters, digits, - and _ only",
                                where, name));
}

Scenario read_scenario(const std::string& name, const json& object, const std::string& where) {
  check_name(name, where);
  const JsonReader reader(object, where + "." + name);
  reader.require("executor", fmt::format("there are {}", fmt::join(kExecutors, ", ")).c_str());
  Scenario scenario;
  scenario.name = name;
  reader.read("executor", scenario.executor);
  scenario.config = read_config(reader, scenario.executor);
  reader.read_length("startTime", scenario.start_time, 0s);
  reader.read("gracefulStop", scenario.graceful_stop, 0s);
  reader.read("exec", scenario.exec);
  reader.read("env", scenario.env);
  reader.read("tags", scenario.tags);
  return scenario;
}

NamedJson read_pair(const json& pair, const std::vector<NamedJson>& before,
                    const std::string& where) {
  if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) {
    throw ConfigError(fmt::format(
        "{}: must be a table of named scenarios or a list of pairs {{ \"name\", {{ ... }} }}, got "
        "{} in the list",
        where, json_text(pair)));
  }
  const auto name = pair[0].get<std::string>();
  const bool known = std::any_of(before.begin(), before.end(),
                                 [&](const NamedJson& other) { return other.first == name; });
  if (known) throw ConfigError(fmt::format("{}: there are two scenarios \"{}\"", where, name));
  return {name, pair[1]};
}

}  // namespace

std::vector<NamedJson> scenario_entries(const json& scenarios, const std::string& where) {
  std::vector<NamedJson> entries;
  if (scenarios.is_object()) {
    for (const auto& [name, object] : scenarios.items())
      entries.emplace_back(name, object);
  } else if (scenarios.is_array()) {
    for (const json& pair : scenarios)
      entries.push_back(read_pair(pair, entries, where));
  }
  if (entries.empty()) {
    throw ConfigError(
        fmt::format("{}: must be a table of named scenarios, got {}", where, json_text(scenarios)));
  }
  return entries;
}

std::vector<Scenario> read_scenarios(const json& scenarios, const std::string& where) {
  std::vector<Scenario> result;
  for (const auto& [name, object] : scenario_entries(scenarios, where))
    result.push_back(read_scenario(name, object, where));
  return result;
}

Scenario shortcut_scenario(const JsonReader& reader) {
  const bool ramps = reader.has("stages");
  int64_t vus = 1;
  int64_t iterations = 1;
  Duration duration{};
  read_vus(reader, "vus", vus, ramps ? 0 : 1);
  reader.read("iterations", iterations, 1);
  reader.read_length("duration", duration, 1ms);
  Scenario scenario;
  scenario.name = "default";
  if (ramps) {
    scenario.executor = "ramping-vus";
    scenario.config = RampingVus{.start_vus = vus, .stages = read_vu_stages(reader, vus)};
  } else if (reader.has("iterations") || (reader.has("vus") && !reader.has("duration"))) {
    SharedIterations config{.vus = vus, .iterations = reader.has("iterations") ? iterations : vus};
    if (reader.has("duration")) config.max_duration = duration;
    if (config.iterations < config.vus) {
      reader.fail("iterations",
                  fmt::format("must be at least the number of VUs ({0}), got {1}; set "
                              "fewer VUs, too, e.g. -u {1}",
                              vus, config.iterations));
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
