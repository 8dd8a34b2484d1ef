// One worker's scripts: the Lua state, the compiled code, the modules, the VUs made from them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/execution/run_plan.h"
#include "engine/loop/deadlines.h"
#include "engine/net/network.h"
#include "scripting/lua_state.h"
#include "scripting/lua_vu.h"
#include "scripting/module.h"
#include "scripting/name_fault.h"
#include "scripting/script.h"
#include "scripting/script_files.h"
#include "scripting/watchdog.h"

namespace perigee {

class RandomSource;
struct ScriptDescription;

using Modules = std::vector<std::unique_ptr<Module>>;

// Used on its worker's thread only.
class ScriptHost final : public UserFactory {
 public:
  // `declaring` is where new metrics go while the script is looked at for the first time; null in a
  // worker, whose registry is complete. Throws ScriptError if the script does not compile. All that
  // is passed must outlive the host.
  ScriptHost(const Script& script, const Modules& modules, WorkerContext& worker,
             Watchdog& watchdog, MetricRegistry* declaring);
  ~ScriptHost() override;
  ScriptHost(const ScriptHost&) = delete;
  ScriptHost& operator=(const ScriptHost&) = delete;

  // Runs the script's init code once and reads what it returned. Throws ScriptError, or ConfigError
  // for options that JSON can't hold.
  ScriptDescription describe();
  // What `describe` has found in the compiled functions of the script and of what it requires.
  std::vector<NameFault> name_faults();

  std::unique_ptr<VirtualUser> make_user(uint64_t id) override;
  // A full collection: the collector's next long pause then comes later.
  void settle() override { lua_gc(L_.get(), LUA_GCCOLLECT, 0); }
  void run_setup(Done done) override;
  void run_teardown(const std::string& data, Done done) override;
  void interrupt_lifecycle(ScriptFailure failure) override;
  void set_data(const std::string& data) override { data_ = data; }
  void flush(Instant until, const std::function<void()>& done) override;
  void cut_flush() override;

  // --- For bindings.
  lua_State* main_state() { return L_.get(); }
  WorkerContext& worker() { return worker_; }
  Network& network() { return network_; }
  Deadlines& deadlines() { return deadlines_; }
  const Script& script() const { return script_; }
  // The VU whose code runs now.
  LuaVu& vu() { return *current_; }
  // The same, with an error that says what to do if it still runs its init code; `what` is the
  // function called.
  LuaVu& vu_for(const char* what);
  // Whether a VU runs its init code now, and whether that is the script's first look.
  bool loading() const { return current_ != nullptr && current_->in_init(); }
  bool declaring() const { return declaring_ != nullptr; }
  // Where the files that the script names lie.
  const ScriptFiles& files() const { return files_; }
  // The first look remembers the file, a later one throws if that did not open it.
  void note_opened(const std::filesystem::path& path);
  // The same of a module; `name` is how the script calls it.
  void note_required(const std::string& module, const std::string& name);
  // Pushes what `require` returns of a module of the program that is open already.
  void push_module(lua_State* L, const std::string& name) const;
  // A VU that runs functions of a module beside those of the load; it has no script of its own.
  // Lives until the end of the run.
  LuaVu& make_background_vu();
  // A number for a module's VuExtension.
  size_t new_extension_slot() { return extension_slots_++; }
  // Adds a metric in init code. Throws ConfigError.
  MetricId declare_metric(std::string_view name, MetricKind kind, ValueKind contains);

 private:
  friend class LuaVu;
  class Lifecycle;

  void install_globals();
  void install_names();
  void add_name_check();
  void push_own_function(lua_State* L, lua_CFunction function);
  void find_name_faults(lua_State* L);
  void open_module(const std::string& name, Module::Instance& instance);
  void push_chunk(lua_State* L, const std::string& path);
  void compile(const std::string& source, const std::string& path);
  // Where a VU keeps what must outlive its coroutine: [slot], [slot + 1], ... of a table that it
  // shares with others; the result is the table's registry reference.
  int make_anchor(int* slot);
  TagSetId context(const ScenarioRun* run, const std::string& group);
  void push_env(lua_State* L, const ScenarioRun* run);
  ScriptModule locate_module(lua_State* L, const std::string& name) const;
  std::string suggest_module(const std::string& name) const;
  Lifecycle& lifecycle();
  void run_lifecycle(const Done& done, void (Lifecycle::*run)(Done));

  static int require_module(lua_State* L);
  static int open_file(lua_State* L);
  static int suggest_name(lua_State* L);
  static int module_named(lua_State* L);
  static int script_text(lua_State* L);

  const Script& script_;
  ScriptFiles files_;
  WorkerContext& worker_;
  std::set<std::filesystem::path> opened_;  // while declaring
  std::set<std::string> required_;          // while declaring
  MetricRegistry* declaring_;
  Network network_;
  Deadlines deadlines_;
  LuaStatePtr L_;
  Watched watched_;
  int globals_ = LUA_NOREF;
  int env_metatable_ = LUA_NOREF;
  int iteration_key_ = LUA_NOREF;  // the string "__ITER"
  int did_you_mean_ = LUA_NOREF;
  int names_ = LUA_NOREF;               // the functions of prelude/names.lua
  std::map<std::string, int> chunks_;   // compiled functions by path
  std::map<std::string, int> modules_;  // module tables by name
  std::vector<std::unique_ptr<Module::Instance>> instances_;
  std::map<const ScenarioRun*, int> envs_;
  std::map<std::pair<const ScenarioRun*, std::string>, TagSetId> contexts_;
  std::vector<int> anchors_;  // registry references of tables for 64 VUs each
  size_t anchored_ = 0;
  size_t extension_slots_ = 0;
  std::unique_ptr<RandomSource> random_;  // of math.random
  LuaVu* current_ = nullptr;
  std::string data_;  // what setup returned, as `copy_value` made it
  std::unique_ptr<Lifecycle> lifecycle_;
  std::vector<std::unique_ptr<LuaVu>> background_;  // whose operations belong to the modules
};

}  // namespace perigee
