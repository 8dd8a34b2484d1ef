#include "scripting/bindings/execution.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "scripting/binding.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// One field of execution.vu, .scenario or .instance: pushes its value at the time it is read.
struct Field {
  std::string_view name;
  void (*push)(lua_State* L, ScriptHost& host);
};

void push_count(lua_State* L, uint64_t value) {
  lua_pushnumber(L, static_cast<double>(value));
}

const ScenarioRun& scenario_of(ScriptHost& host) {
  const ScenarioRun* run = host.vu_for("execution.scenario").run();
  if (run == nullptr) {
    throw std::runtime_error("execution.scenario exists in the functions of scenarios only");
  }
  return *run;
}

Duration load_elapsed(ScriptHost& host) {
  const int64_t started = host.worker().state.load_started_ns;
  if (started == 0) return Duration::zero();
  return std::max(Duration::zero(), host.worker().loop.now() - Instant(Duration(started)));
}

const std::array<Field, 4> kVuFields{{
    {"id_in_instance", [](lua_State* L, ScriptHost& host) { push_count(L, host.vu().id()); }},
    {"id_in_test", [](lua_State* L, ScriptHost& host) { push_count(L, host.vu().id()); }},
    {"iteration_in_instance",
     [](lua_State* L, ScriptHost& host) {
       push_count(L, host.vu_for("execution.vu").iterations() - 1);
     }},
    {"iteration_in_scenario",
     [](lua_State* L, ScriptHost& host) {
       scenario_of(host);
       push_count(L, host.vu().iterations_in_scenario() - 1);
     }},
}};

double progress(ScriptHost& host) {
  const ScenarioRun& run = scenario_of(host);
  const ScenarioProgress& counts = host.worker().state.progress[run.index];
  const auto ended = static_cast<double>(counts.completed + counts.interrupted);
  const ExecutorConfig& config = run.scenario.config;
  if (const auto* shared = std::get_if<SharedIterations>(&config)) {
    return ended / static_cast<double>(shared->iterations);
  }
  if (const auto* each = std::get_if<PerVuIterations>(&config)) {
    return ended / static_cast<double>(each->iterations * each->vus);
  }
  const Duration elapsed = host.worker().loop.now() - run.started;
  return std::clamp(to_seconds(elapsed) / to_seconds(run.scenario.duration()), 0.0, 1.0);
}

const std::array<Field, 6> kScenarioFields{{
    {"name", [](lua_State* L, ScriptHost& host) { push_view(L, scenario_of(host).scenario.name); }},
    {"executor",
     [](lua_State* L, ScriptHost& host) { push_view(L, scenario_of(host).scenario.executor); }},
    {"start_time",
     [](lua_State* L, ScriptHost& host) {
       const Instant started = scenario_of(host).started;
       const TimeOrigin now = TimeOrigin::now();
       lua_pushnumber(L, to_ms(now.wall_at(started).time_since_epoch()));
     }},
    {"progress", [](lua_State* L, ScriptHost& host) { lua_pushnumber(L, progress(host)); }},
    {"iteration_in_instance",
     [](lua_State* L, ScriptHost& host) {
       scenario_of(host);
       push_count(L, host.vu().iteration().number);
     }},
    {"iteration_in_test",
     [](lua_State* L, ScriptHost& host) {
       scenario_of(host);
       push_count(L, host.vu().iteration().number);
     }},
}};

const std::array<Field, 5> kInstanceFields{{
    {"current_test_run_duration",
     [](lua_State* L, ScriptHost& host) { lua_pushnumber(L, to_ms(load_elapsed(host))); }},
    {"iterations_completed",
     [](lua_State* L, ScriptHost& host) {
       push_count(L, host.worker().state.iterations_completed());
     }},
    {"iterations_interrupted",
     [](lua_State* L, ScriptHost& host) {
       push_count(L, host.worker().state.iterations_interrupted());
     }},
    {"vus_active",
     [](lua_State* L, ScriptHost& host) {
       push_count(L, static_cast<uint64_t>(host.worker().state.vus_active.load()));
     }},
    {"vus_initialized",
     [](lua_State* L, ScriptHost& host) {
       push_count(L, static_cast<uint64_t>(host.worker().state.vus_initialized.load()));
     }},
}};

// A table whose fields are read when they are asked for.
class LiveTable {
 public:
  LiveTable(ScriptHost& host, std::string_view name, std::span<const Field> fields)
      : host_(host), name_(name), fields_(fields) {}

  void push(lua_State* L) {
    lua_newtable(L);
    lua_newtable(L);
    lua_pushlightuserdata(L, this);
    lua_pushcclosure(L, bound<read>, 1);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
  }

 private:
  static int read(lua_State* L) {
    auto& self = upvalue<LiveTable>(L);
    const std::string key = luaL_checkstring(L, 2);
    for (const Field& field : self.fields_) {
      if (field.name != key) continue;
      field.push(L, self.host_);
      return 1;
    }
    std::vector<std::string_view> known;
    for (const Field& field : self.fields_)
      known.push_back(field.name);
    throw std::runtime_error(fmt::format("there is no execution.{}.{}{}; there are {}", self.name_,
                                         key, did_you_mean(key, known), fmt::join(known, ", ")));
  }

  ScriptHost& host_;
  std::string_view name_;
  std::span<const Field> fields_;
};

class ExecutionInstance final : public Module::Instance {
 public:
  explicit ExecutionInstance(ScriptHost& host)
      : vu_(host, "vu", kVuFields),
        scenario_(host, "scenario", kScenarioFields),
        instance_(host, "instance", kInstanceFields) {}

  void push(lua_State* L) override {
    lua_newtable(L);
    vu_.push(L);
    lua_setfield(L, -2, "vu");
    scenario_.push(L);
    lua_setfield(L, -2, "scenario");
    instance_.push(L);
    lua_setfield(L, -2, "instance");
  }

 private:
  LiveTable vu_;
  LiveTable scenario_;
  LiveTable instance_;
};

}  // namespace

std::unique_ptr<Module::Instance> ExecutionModule::open(ScriptHost& host) {
  return std::make_unique<ExecutionInstance>(host);
}

}  // namespace perigee
