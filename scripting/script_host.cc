#include "scripting/script_host.h"

#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "scripting/binding.h"
#include "scripting/bindings/random_source.h"
#include "scripting/call_guard.h"
#include "scripting/javascript_hint.h"
#include "scripting/json_codec.h"
#include "scripting/sandbox.h"
#include "scripting/script_description.h"
#include "scripting/script_field.h"
#include "scripting/script_names.h"
#include "scripting/values/value_copy.h"

namespace perigee {
namespace {

// What an awaiting binding yields first; its address is the mark.
char await_mark_storage;

constexpr int kVusPerAnchor = 64;

}  // namespace

void* LuaVu::await_mark() {
  return &await_mark_storage;
}

// Runs setup or teardown in a VU of its own, number 0.
class ScriptHost::Lifecycle final : public IterationListener, private ResultReader {
 public:
  explicit Lifecycle(ScriptHost& host) : vu_(host, 0) {}

  void run_setup(Done done) {
    begin(std::move(done));
    vu_.start_call("setup", "::setup", *this, this);
  }

  void run_teardown(Done done) {
    begin(std::move(done));
    vu_.start_call("teardown", "::teardown", *this, nullptr);
  }

  void interrupt(ScriptFailure failure) {
    if (!done_) return;
    failure_ = failure;
    vu_.interrupt();
  }

  void on_iteration_end(VirtualUser&, IterationResult result) override {
    LifecycleResult told{.failure = failure_, .error = {}, .data = result_};
    if (result == IterationResult::kFailed) {
      told.failure = ScriptFailure::kError;
      told.error = vu_.error();
    }
    std::exchange(done_, nullptr)(std::move(told));
  }

 private:
  void begin(Done done) {
    done_ = std::move(done);
    failure_ = ScriptFailure::kNone;
    result_.clear();
  }

  void read(lua_State* L, int index) override {
    try {
      result_ = copy_value(L, index, "data");
    } catch (const std::exception& error) {
      throw std::runtime_error(
          fmt::format("what setup() returned can't be given to the VUs: {}", error.what()));
    }
  }

  LuaVu vu_;
  Done done_;
  ScriptFailure failure_ = ScriptFailure::kNone;
  std::string result_;
};

ScriptHost::ScriptHost(const Script& script, const Modules& modules, WorkerContext& worker,
                       Watchdog& watchdog, MetricRegistry* declaring)
    : script_(script),
      files_(script_, bound<require_module>),
      worker_(worker),
      declaring_(declaring),
      network_(worker.loop, worker.options.net),
      deadlines_(worker.loop.timers()),
      L_(make_lua_state(script.jit)),
      watched_(watchdog, L_.get()) {
  install_globals();
  for (const auto& module : modules) {
    instances_.push_back(module->open(*this));
    open_module(std::string(module->name()), *instances_.back());
  }
  compile(script_.source, script_.path);
}

ScriptHost::~ScriptHost() = default;

void ScriptHost::open_module(const std::string& name, Module::Instance& instance) {
  lua_State* L = L_.get();
  instance.push(L);
  push_view(L, name);
  lua_rawgeti(L, LUA_REGISTRYINDEX, did_you_mean_);
  push_call_guard(L);
  run_prelude(L, "module", 4);
  modules_[name] = luaL_ref(L, LUA_REGISTRYINDEX);
}

void ScriptHost::push_module(lua_State* L, const std::string& name) const {
  lua_rawgeti(L, LUA_REGISTRYINDEX, modules_.at(name));
}

LuaVu& ScriptHost::make_background_vu() {
  background_.push_back(std::make_unique<LuaVu>(*this, LuaVu::kWithoutScript));
  return *background_.back();
}

void ScriptHost::compile(const std::string& source, const std::string& path) {
  lua_State* L = L_.get();
  // As in a shell script, a first line "#!..." is not Lua.
  const bool shebang = source.rfind("#!", 0) == 0;
  const std::string text = shebang ? "--" + source : source;
  if (luaL_loadbuffer(L, text.data(), text.size(), ("@" + path).c_str()) != 0) {
    const std::string message = take_error(L);
    throw ScriptError(message + javascript_hint(source, message));
  }
  declare_globals(L, names_);
  chunks_[path] = luaL_ref(L, LUA_REGISTRYINDEX);
}

void ScriptHost::push_chunk(lua_State* L, const std::string& path) {
  if (chunks_.count(path) == 0) compile(read_file(path), path);
  lua_rawgeti(L, LUA_REGISTRYINDEX, chunks_[path]);
}

int ScriptHost::make_anchor(int* slot) {
  constexpr int kAnchorSlots = LuaVu::kBaseSlots + 1;  // the coroutine itself, then its slots
  const int position = static_cast<int>(anchored_++ % kVusPerAnchor);
  if (position == 0) {
    lua_createtable(L_.get(), kVusPerAnchor * kAnchorSlots, 0);
    anchors_.push_back(luaL_ref(L_.get(), LUA_REGISTRYINDEX));
  }
  *slot = position * kAnchorSlots + 1;
  return anchors_.back();
}

TagSetId ScriptHost::context(const ScenarioRun* run, const std::string& group) {
  const auto [found, added] = contexts_.try_emplace({run, group});
  if (added) {
    TagSet tags = run != nullptr ? run->tags : worker_.run_tags;
    tags.set("group", group);
    found->second = worker_.shard.tags().intern(tags);
  }
  return found->second;
}

void ScriptHost::push_env(lua_State* L, const ScenarioRun* run) {
  const auto [found, added] = envs_.try_emplace(run, LUA_NOREF);
  if (added) {
    std::map<std::string, std::string> env = script_.env;
    if (run != nullptr) {
      for (const auto& [key, value] : run->scenario.env)
        env[key] = value;
    }
    lua_createtable(L, 0, static_cast<int>(env.size()));
    for (const auto& [key, value] : env) {
      push_view(L, value);
      lua_setfield(L, -2, key.c_str());
    }
    found->second = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, found->second);
}

MetricId ScriptHost::declare_metric(std::string_view name, MetricKind kind, ValueKind contains) {
  if (declaring_ != nullptr) return declaring_->add(name, kind, contains);
  const Metric* known = worker_.registry.find(name);
  if (known == nullptr) {
    throw ConfigError(fmt::format(
        "the metric {} was not created when the script was loaded first; create every metric in "
        "every VU, whatever __VU is",
        name));
  }
  if (known->kind != kind) throw ConfigError(fmt::format("the metric {} is of another kind", name));
  return known->id;
}

LuaVu& ScriptHost::vu_for(const char* what) {
  if (current_ == nullptr || current_->in_init()) {
    throw std::runtime_error(fmt::format(
        "{} can't be called while the script is loading; call it in setup(), in a scenario's "
        "function or in teardown()",
        what));
  }
  return *current_;
}

ScriptDescription ScriptHost::describe() {
  lifecycle_.reset();
  LuaVu vu(*this, 0);
  lua_State* L = vu.co_;
  find_name_faults(L);
  const StackGuard guard(L);
  ScriptDescription description;
  push_script_field(L, LuaVu::kModuleSlot, "options");
  if (!lua_isnil(L, -1)) {
    std::string text;
    try {
      JsonRepairs repairs;
      encode_json(L, -1, text, &repairs);
      if (repairs.strings > 0) {
        throw std::runtime_error(
            fmt::format("have a string that is not UTF-8: \"{}\"", repairs.first));
      }
    } catch (const std::runtime_error& error) {
      throw ConfigError(fmt::format("{}: options {}", script_.path, error.what()));
    }
    description.options = text;
  }
  if (description.options.front() != '{') {
    throw ConfigError(fmt::format("{}: options: must be a table of named values, got {}",
                                  script_.path, description.options));
  }
  for (lua_pushnil(L); lua_next(L, LuaVu::kModuleSlot) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    const std::string_view name = view_at(L, -2);
    if (lua_isfunction(L, -1)) {
      description.functions.emplace(name);
    } else if (name != "options") {
      description.values.emplace(name);
    }
  }
  description.opened = opened_;
  description.required = required_;
  return description;
}

std::unique_ptr<VirtualUser> ScriptHost::make_user(uint64_t id) {
  return std::make_unique<LuaVu>(*this, id);
}

void ScriptHost::run_setup(Done done) {
  run_lifecycle(done, &Lifecycle::run_setup);
}

void ScriptHost::run_teardown(const std::string& data, Done done) {
  data_ = data;
  run_lifecycle(done, &Lifecycle::run_teardown);
}

// Whoever waits for the end hears of it, also where the function's VU can't be made.
void ScriptHost::run_lifecycle(const Done& done, void (Lifecycle::*run)(Done)) {
  try {
    (lifecycle().*run)(done);
  } catch (const std::exception& error) {
    lifecycle_.reset();
    done({.failure = ScriptFailure::kError, .error = error.what(), .data = {}});
  }
}

ScriptHost::Lifecycle& ScriptHost::lifecycle() {
  if (!lifecycle_) lifecycle_ = std::make_unique<Lifecycle>(*this);
  return *lifecycle_;
}

// `done` is called by whichever module is ready last.
void ScriptHost::flush(Instant until, const std::function<void()>& done) {
  const auto left = std::make_shared<size_t>(instances_.size());
  if (instances_.empty()) return done();
  for (const auto& instance : instances_) {
    instance->flush(until, [left, done] {
      if (--*left == 0) done();
    });
  }
}

void ScriptHost::cut_flush() {
  for (const auto& instance : instances_)
    instance->cut_flush();
}

void ScriptHost::interrupt_lifecycle(ScriptFailure failure) {
  if (lifecycle_) lifecycle_->interrupt(failure);
}

}  // namespace perigee
