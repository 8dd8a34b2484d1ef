#include "scripting/bindings/execution.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "scripting/binding.h"
#include "scripting/bindings/abort_run.h"
#include "scripting/bindings/live_table.h"
#include "scripting/bindings/vu_tags.h"
#include "scripting/call_guard.h"
#include "scripting/json_codec.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

using Field = LiveTable::Field;

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

const RunState& run_state(ScriptHost& host) {
  host.vu_for("execution.instance");
  return host.worker().state;
}

Duration load_elapsed(ScriptHost& host) {
  run_state(host);
  const RunClock& clock = host.worker().load_clock;
  if (!clock.begun()) return Duration::zero();
  return std::max(Duration::zero(), clock.elapsed(host.worker().loop.now()));
}

const std::array<Field, 4> kVuFields{{
    {"id_in_instance", [](lua_State* L, ScriptHost& host) { push_count(L, host.vu().id()); }},
    {"id_in_test",
     [](lua_State* L, ScriptHost& host) {
       push_count(L, host.worker().options.segment.share().nth(host.vu().id() - 1) + 1);
     }},
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
  const Duration elapsed =
      host.worker().load_clock.elapsed(host.worker().loop.now()) - run.scenario.start_time;
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
       const SegmentShare& share = scenario_of(host).scenario.share;
       push_count(L, share.nth(host.vu().iteration().number));
     }},
}};

const std::array<Field, 5> kInstanceFields{{
    {"current_test_run_duration",
     [](lua_State* L, ScriptHost& host) { lua_pushnumber(L, to_ms(load_elapsed(host))); }},
    {"iterations_completed",
     [](lua_State* L, ScriptHost& host) { push_count(L, run_state(host).iterations_completed()); }},
    {"iterations_interrupted",
     [](lua_State* L, ScriptHost& host) {
       push_count(L, run_state(host).iterations_interrupted());
     }},
    {"vus_active",
     [](lua_State* L, ScriptHost& host) {
       push_count(L, static_cast<uint64_t>(run_state(host).vus_active()));
     }},
    {"vus_initialized",
     [](lua_State* L, ScriptHost& host) {
       push_count(L, static_cast<uint64_t>(run_state(host).vus_initialized.load()));
     }},
}};

const std::array<Field, 1> kTestFields{{
    {"options",
     [](lua_State* L, ScriptHost& host) {
       host.vu_for("execution.test.options");
       decode_json(L, host.worker().options.json);
     }},
}};

// execution.test.fail(message)
int mark_failed(lua_State* L) {
  auto& host = upvalue<ScriptHost>(L);
  host.vu_for("execution.test.fail");
  host.worker().control.fail_from_script(lua_isnoneornil(L, 1) ? "the script called test.fail()"
                                                               : luaL_checkstring(L, 1));
  return 0;
}

int abort_test(lua_State* L) {
  return abort_run(L, upvalue<ScriptHost>(L));
}

class ExecutionInstance final : public Module::Instance {
 public:
  explicit ExecutionInstance(ScriptHost& host)
      : host_(host),
        vu_(host, "execution.vu", kVuFields),
        scenario_(host, "execution.scenario", kScenarioFields),
        instance_(host, "execution.instance", kInstanceFields),
        metrics_(host, "execution.vu.metrics", {}),
        test_(host, "execution.test", kTestFields) {}

  void push(lua_State* L) override {
    lua_newtable(L);
    push_vu(L);
    lua_setfield(L, -2, "vu");
    lua_newtable(L);
    scenario_.push(L);
    lua_setfield(L, -2, "scenario");
    lua_newtable(L);
    instance_.push(L);
    lua_setfield(L, -2, "instance");
    push_test(L);
    lua_setfield(L, -2, "test");
  }

 private:
  void push_vu(lua_State* L) {
    lua_newtable(L);
    push_vu_tags(L, host_);
    lua_newtable(L);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "tags");
    push_vu_metadata(L, host_);
    lua_setfield(L, -2, "metadata");
    metrics_.push(L);
    lua_setfield(L, -3, "metrics");
    lua_setfield(L, -2, "tags");
    vu_.push(L);
  }

  void push_test(lua_State* L) {
    lua_newtable(L);
    const Function functions[] = {{"abort", bound<abort_test>}, {"fail", bound<mark_failed>}};
    set_functions(L, &host_, functions);
    lua_pushvalue(L, -1);
    test_.push(L);
    lua_insert(L, -2);
    guard_calls(L, "execution.test.", lua_gettop(L) - 1);
    lua_pop(L, 1);
  }

  ScriptHost& host_;
  LiveTable vu_;
  LiveTable scenario_;
  LiveTable instance_;
  LiveTable metrics_;
  LiveTable test_;
};

}  // namespace

std::unique_ptr<Module::Instance> ExecutionModule::open(ScriptHost& host) {
  return std::make_unique<ExecutionInstance>(host);
}

}  // namespace perigee
