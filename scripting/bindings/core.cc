#include "scripting/bindings/core.h"

#include <cmath>
#include <deque>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "engine/base/shown_number.h"
#include "scripting/binding.h"
#include "scripting/bindings/abort_run.h"
#include "scripting/bindings/arguments.h"
#include "scripting/bindings/tag_table.h"
#include "scripting/bindings/time.h"
#include "scripting/call_guard.h"
#include "scripting/json_codec.h"
#include "scripting/sandbox.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// sleep() in flight. Kept for the next one when it is over.
class Sleep final : public Operation {
 public:
  Sleep(TimerQueue& timers, std::vector<Sleep*>& free)
      : timer_(timers, [this] { on_time(); }), free_(free) {}

  void start(LuaVu& vu, Instant until) {
    vu_ = &vu;
    wake_ = vu.prepare_wait();
    vu.add(*this);
    timer_.start(until);
  }

  void cancel() override {
    timer_.stop();
    free_.push_back(this);
  }

 private:
  void on_time() {
    free_.push_back(this);
    vu_->remove(*this);
    wake_.resume(0);
  }

  Timer timer_;
  std::vector<Sleep*>& free_;
  LuaVu* vu_ = nullptr;
  Wake wake_;
};

class CoreInstance final : public Module::Instance {
 public:
  explicit CoreInstance(ScriptHost& host) : host_(host) {}

  void push(lua_State* L) override {
    lua_newtable(L);
    const Function functions[] = {
        {"sleep", bound<sleep>},
        {"abort", bound<abort>},
        {"enter_group", bound<enter_group>},
        {"leave_group", bound<leave_group>},
        {"warn_once", bound<warn_once>},
        {"now", bound<push_now>},
    };
    set_functions(L, this, functions);
    // record_check(name, passed, tags) has the table from a check's name to its number beside it.
    lua_pushlightuserdata(L, this);
    lua_newtable(L);
    lua_pushcclosure(L, bound<record_check>, 2);
    lua_setfield(L, -2, "record_check");
    push_call_guard(L);
    push_json_null(L);
    run_prelude(L, "core", 3);
  }

 private:
  // The series of a check in the context it was last used in.
  struct Check {
    TagSetId context = kNoTagSet;
    SeriesId series = 0;
  };

  static CoreInstance& self(lua_State* L) { return upvalue<CoreInstance>(L); }

  static int record_check(lua_State* L);
  static int enter_group(lua_State* L);
  static int leave_group(lua_State* L);
  static int sleep(lua_State* L);
  static int abort(lua_State* L);
  static int warn_once(lua_State* L);

  Check* find_check(lua_State* L);
  SeriesId check_series(lua_State* L, TagSetId context, const TagSet& own);

  ScriptHost& host_;
  std::vector<Check> checks_;
  std::deque<Sleep> sleeps_;
  std::vector<Sleep*> free_sleeps_;
};

int CoreInstance::warn_once(lua_State* L) {
  const std::string_view message = check_text(L, 1);
  self(L).host_.worker().log.once(LogLevel::kWarning, message, message);
  return 0;
}

// Null for names beyond the bound, which a script may make up anew each time.
CoreInstance::Check* CoreInstance::find_check(lua_State* L) {
  lua_pushvalue(L, 1);
  lua_rawget(L, lua_upvalueindex(2));
  auto number = static_cast<size_t>(lua_tonumber(L, -1));  // from 1; 0 if it is not there
  lua_pop(L, 1);
  if (number == 0 && checks_.size() < limits::kTagSets) {
    checks_.emplace_back();
    number = checks_.size();
    lua_pushvalue(L, 1);
    lua_pushnumber(L, static_cast<double>(number));
    lua_rawset(L, lua_upvalueindex(2));
  }
  return number == 0 ? nullptr : &checks_[number - 1];
}

SeriesId CoreInstance::check_series(lua_State* L, TagSetId context, const TagSet& own) {
  MetricShard& shard = host_.worker().shard;
  TagSet tags = *shard.tags().at(context);
  for (const auto& [key, value] : own)
    tags.set(key, value);
  tags.set("check", view_at(L, 1));
  return shard.series(host_.worker().builtins.checks, shard.tags().intern(std::move(tags)));
}

int CoreInstance::record_check(lua_State* L) {
  CoreInstance& core = self(L);
  LuaVu& vu = core.host_.vu_for("perigee.check");
  if (lua_type(L, 1) != LUA_TSTRING)
    throw std::runtime_error("perigee.check: the name of a check must be a string");
  const double passed = lua_toboolean(L, 2) != 0 ? 1 : 0;
  WorkerContext& worker = core.host_.worker();
  const bool tagged = !lua_isnoneornil(L, 3);
  Check* const check = tagged ? nullptr : core.find_check(L);
  if (check == nullptr) {
    const TagSet own = tagged ? read_tags(L, 3, "perigee.check: tags") : TagSet();
    worker.shard.add(core.check_series(L, vu.context(), own), passed, worker.loop.recent());
    return 0;
  }
  if (check->context != vu.context()) {
    *check = {vu.context(), core.check_series(L, vu.context(), {})};
  }
  worker.shard.add(check->series, passed, worker.loop.recent());
  return 0;
}

// enter_group(name) -> the group it lies in, the time
int CoreInstance::enter_group(lua_State* L) {
  CoreInstance& core = self(L);
  LuaVu& vu = core.host_.vu_for("perigee.group");
  const std::string name = luaL_checkstring(L, 1);
  if (name.find("::") != std::string::npos) {
    throw std::runtime_error(
        fmt::format("perigee.group: the name of a group can't contain \"::\": {}", name));
  }
  push_view(L, vu.group());
  lua_pushnumber(L, static_cast<double>(core.host_.worker().loop.now().time_since_epoch().count()));
  vu.set_group(vu.group() + "::" + name);
  return 2;
}

// leave_group(outer, entered)
int CoreInstance::leave_group(lua_State* L) {
  CoreInstance& core = self(L);
  LuaVu& vu = core.host_.vu();
  WorkerContext& worker = core.host_.worker();
  const Instant now = worker.loop.now();
  const Instant entered{Duration(static_cast<int64_t>(lua_tonumber(L, 2)))};
  const SeriesId series = worker.shard.series(worker.builtins.group_duration, vu.context());
  worker.shard.add(series, to_ms(now - entered), now);
  vu.set_group(std::string(view_at(L, 1)));
  return 0;
}

int CoreInstance::sleep(lua_State* L) {
  CoreInstance& core = self(L);
  LuaVu& vu = core.host_.vu_for("perigee.sleep");
  const double seconds = luaL_checknumber(L, 1);
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e9) {
    throw std::runtime_error(
        fmt::format("perigee.sleep: {} is no number of seconds", shown_number(seconds)));
  }
  Loop& loop = core.host_.worker().loop;
  if (core.free_sleeps_.empty()) {
    core.free_sleeps_.push_back(&core.sleeps_.emplace_back(loop.timers(), core.free_sleeps_));
  }
  Sleep* const sleep = core.free_sleeps_.back();
  core.free_sleeps_.pop_back();
  sleep->start(vu, loop.now() + Duration(std::llround(seconds * 1e9)));
  return vu.wait(L, 0);
}

int CoreInstance::abort(lua_State* L) {
  return abort_run(L, self(L).host_);
}

}  // namespace

std::unique_ptr<Module::Instance> CoreModule::open(ScriptHost& host) {
  return std::make_unique<CoreInstance>(host);
}

}  // namespace perigee
