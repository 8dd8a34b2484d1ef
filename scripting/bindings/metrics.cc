#include "scripting/bindings/metrics.h"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/shown_number.h"
#include "scripting/binding.h"
#include "scripting/bindings/tag_table.h"
#include "scripting/call_guard.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

constexpr const char* kMetricType = "perigee.metric";

// A metric in a script is a table that holds its number in [1], with the methods in its metatable.
class MetricsInstance final : public Module::Instance {
 public:
  explicit MetricsInstance(ScriptHost& host) : host_(host) {}

  void push(lua_State* L) override {
    luaL_newmetatable(L, kMetricType);
    lua_newtable(L);
    const Function methods[] = {{"add", bound<add>}};
    set_functions(L, this, methods);
    guard_calls(L, "metric:", lua_gettop(L) - 1);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);

    lua_newtable(L);
    const Function functions[] = {{"counter", bound<create<MetricKind::kCounter>>},
                                  {"gauge", bound<create<MetricKind::kGauge>>},
                                  {"rate", bound<create<MetricKind::kRate>>},
                                  {"trend", bound<create<MetricKind::kTrend>>}};
    set_functions(L, this, functions);
  }

 private:
  // The series of a metric in the context it was last used in.
  struct Cached {
    TagSetId context = kNoTagSet;
    SeriesId series = 0;
  };

  template <MetricKind kind>
  static int create(lua_State* L) {
    auto& self = upvalue<MetricsInstance>(L);
    const std::string name = luaL_checkstring(L, 1);
    if (!self.host_.vu().in_init()) {
      throw std::runtime_error(fmt::format(
          "the metric {} must be created at the top of the script, not while it runs", name));
    }
    const bool is_time = lua_toboolean(L, 2) != 0;
    const MetricId id =
        self.host_.declare_metric(name, kind, is_time ? ValueKind::kTime : ValueKind::kDefault);
    lua_createtable(L, 1, 0);
    lua_pushnumber(L, id);
    lua_rawseti(L, -2, 1);
    luaL_getmetatable(L, kMetricType);
    lua_setmetatable(L, -2);
    return 1;
  }

  // Throws std::runtime_error, as the next one does; `add` explains it.
  static MetricId read_metric(lua_State* L) {
    if (lua_istable(L, 1)) {
      lua_rawgeti(L, 1, 1);
      if (lua_isnumber(L, -1) != 0) {
        const auto id = static_cast<MetricId>(lua_tonumber(L, -1));
        lua_pop(L, 1);
        return id;
      }
    }
    throw std::runtime_error("it is no metric");
  }

  static double read_value(lua_State* L) {
    if (lua_isboolean(L, 2)) return lua_toboolean(L, 2) != 0 ? 1 : 0;
    if (lua_isnumber(L, 2) != 0) return lua_tonumber(L, 2);
    throw std::runtime_error("the value is no number");
  }

  static int add(lua_State* L) {
    lua_settop(L, 3);
    try {
      return add_sample(L);
    } catch (const std::runtime_error& error) {
      explain_call(L, "metric:add", {1, 2, 3}, error);
    }
  }

  static int add_sample(lua_State* L) {
    auto& self = upvalue<MetricsInstance>(L);
    LuaVu& vu = self.host_.vu_for("metric:add");
    const MetricId id = read_metric(L);
    const double value = read_value(L);
    WorkerContext& worker = self.host_.worker();
    if (!std::isfinite(value)) {
      worker.log.limited(LogLevel::kWarning, "metric value",
                         fmt::format("{} is no value for the metric {}; it was left out",
                                     shown_number(value), worker.registry.at(id).name));
      return 0;
    }
    const bool tagged = !lua_isnoneornil(L, 3);
    const SeriesId series = tagged ? self.tagged_series(L, vu, id) : self.plain_series(vu, id);
    worker.shard.add(series, value, worker.loop.now());
    return 0;
  }

  SeriesId tagged_series(lua_State* L, LuaVu& vu, MetricId id) {
    MetricShard& shard = host_.worker().shard;
    TagSet tags = *shard.tags().at(vu.context());
    for (const auto& [key, value] : read_tags(L, 3, "metric:add: tags"))
      tags.set(key, value);
    return shard.series(id, shard.tags().intern(std::move(tags)));
  }

  SeriesId plain_series(LuaVu& vu, MetricId id) {
    if (cache_.size() <= id) cache_.resize(id + 1);
    Cached& cached = cache_[id];
    if (cached.context != vu.context()) {
      cached = {vu.context(), host_.worker().shard.series(id, vu.context())};
    }
    return cached.series;
  }

  ScriptHost& host_;
  std::vector<Cached> cache_;  // by metric
};

}  // namespace

std::unique_ptr<Module::Instance> MetricsModule::open(ScriptHost& host) {
  return std::make_unique<MetricsInstance>(host);
}

}  // namespace perigee
