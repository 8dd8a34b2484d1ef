// A virtual user: an instance of the script in a coroutine of its own.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/execution/virtual_user.h"
#include "engine/metrics/shard.h"
#include "engine/metrics/tags.h"
#include "scripting/operation.h"
#include "scripting/wake.h"

namespace perigee {

class ScriptHost;

// What a module keeps for one VU, e.g. its connections.
class VuExtension {
 public:
  virtual ~VuExtension() = default;
  // An iteration has ended, in whichever way; its operations are gone.
  virtual void on_iteration_end(LuaVu& vu) = 0;
  // The script's function has returned while operations go on: pushes a function of the module that
  // deals with what they bring, and returns true, or does nothing.
  virtual bool push_rest(lua_State* /*L*/) { return false; }
};

// Takes what a function of the script returned.
class ResultReader {
 public:
  virtual ~ResultReader() = default;
  // The value at `index` of the stack is not nil. Throws a std::exception to make the call fail.
  virtual void read(lua_State* L, int index) = 0;
};

// Belongs to its worker's thread. Lives until the end of the run, so that a Wake may always ask it.
class LuaVu final : public VirtualUser {
 public:
  // Runs the script's init code in an environment of the VU's own. Throws ScriptError.
  LuaVu(ScriptHost& host, uint64_t id);
  // A VU, number 0, that runs functions of modules only.
  enum WithoutScript { kWithoutScript };
  LuaVu(ScriptHost& host, WithoutScript);
  ~LuaVu() override;
  LuaVu(const LuaVu&) = delete;
  LuaVu& operator=(const LuaVu&) = delete;

  uint64_t id() const override { return id_; }
  // Otherwise it runs functions of modules, which deal with failures themselves.
  bool has_script() const { return has_script_; }
  std::optional<TagSetId> own_tags() const override;
  std::string_view failure() const override { return error_; }
  void start_iteration(const Iteration& iteration, IterationListener& listener) override;
  void interrupt() override;

  // Calls one of the script's functions outside of any scenario (setup, teardown), as an iteration
  // whose samples are in the group `group`. With `result`, what it returned is told there.
  void start_call(const char* function, const char* group, IterationListener& listener,
                  ResultReader* result);
  // Calls the function on top of the main state's stack, which it takes, outside of any scenario.
  void start_function(IterationListener& listener);
  // Whether the script has such a function.
  bool has_function(const char* name);
  // The error of the last iteration that failed, with file and line.
  const std::string& error() const { return error_; }

  // --- For bindings, while the VU runs.
  bool in_init() const { return in_init_; }
  // The tags of what the VU does now: run, scenario, group.
  TagSetId context() const { return context_; }
  const ScenarioRun* run() const { return iteration_.run; }
  const Iteration& iteration() const { return iteration_; }
  uint64_t iterations() const { return iterations_; }
  uint64_t iterations_in_scenario() const { return iterations_in_scenario_; }
  const std::string& group() const { return group_; }
  void set_group(std::string path);
  // A tag of all that the VU does from now on, until it changes to another scenario; without a
  // value the tag is gone.
  void set_tag(const std::string& name, std::optional<std::string_view> value);
  // The same for metadata, which goes with the samples to raw outputs and is part of no series.
  void set_metadata(const std::string& name, std::optional<std::string_view> value);
  // Null if there is none.
  const Metadata* metadata() const { return metadata_.get(); }

  // Suspends the running script: `return vu.wait(L, wake)` from a binding. The `keep` values on top
  // of the stack stay alive meanwhile. The wake's results become those of the binding.
  // Throws std::runtime_error within `call_aside`.
  Wake prepare_wait();
  // The end of the run, which the script has asked for, is also that of its iteration: as in k6 the
  // iteration has ended by itself then, and only those of others are interrupted.
  void end_with_run() { aborts_run_ = true; }
  int wait(lua_State* L, int keep);

  // Calls the function below its `arguments` on the stack of `L`, the main state, while the VU
  // waits for something else. The function itself can't wait. As lua_pcall.
  int call_aside(lua_State* L, int arguments, int results);
  // Throws std::runtime_error if such a function runs: it would start what takes time.
  void refuse_aside() const;

  void add(Operation& operation);
  // The operation has ended by itself; may end the iteration.
  void remove(Operation& operation);

  // The extension of a module that has one for this VU, else null.
  VuExtension* extension(size_t slot) const {
    return slot < extensions_.size() ? extensions_[slot].get() : nullptr;
  }
  void set_extension(size_t slot, std::unique_ptr<VuExtension> extension);
  // Bytes on the wire, told as data_sent and data_received at the end of the iteration.
  void add_traffic(uint64_t sent, uint64_t received);

  // Says that the samples that follow are this VU's; at the latest when its code runs.
  void attribute_samples();

  // While it lives, the VU may do what is for init code, such as making a client: for modules that
  // do so once, when it is needed first.
  class InitScope {
   public:
    explicit InitScope(LuaVu& vu) : vu_(vu), before_(std::exchange(vu.in_init_, true)) {}
    ~InitScope() { vu_.in_init_ = before_; }
    InitScope(const InitScope&) = delete;
    InitScope& operator=(const InitScope&) = delete;

   private:
    LuaVu& vu_;
    const bool before_;
  };

  // The address of what awaiting bindings yield.
  static void* await_mark();

 private:
  friend class Wake;
  friend class ScriptHost;
  enum class State { kIdle, kRunning, kWaiting, kDraining };
  // The tags that the script has set, and those it has taken away.
  using TagChanges = std::map<std::string, std::optional<std::string>>;

  // What lies at the bottom of the coroutine's stack.
  static constexpr int kModuleSlot = 1;
  static constexpr int kDataSlot = 2;
  static constexpr int kEnvSlot = 3;
  static constexpr int kFunctionSlot = 4;  // what the scenario runs
  static constexpr int kBaseSlots = 4;

  void make_coroutine();
  void make_environment();
  void instantiate();
  void anchor(int slot);
  int run(int arguments);
  std::string traceback();
  void take_data();
  void begin(const Iteration& iteration, IterationListener& listener);
  void resume(int arguments);
  void function_returned();
  bool push_rest();
  void fail();
  void unlink(Operation& operation);
  void cancel_operations();
  void end(IterationResult result);
  void flush_traffic();
  void update_context(const ScenarioRun* run);
  TagSetId apply_tag_changes(TagSetId tags) const;

  ScriptHost& host_;
  const uint64_t id_;
  const bool has_script_ = true;
  lua_State* co_ = nullptr;
  int anchor_ = 0;
  int anchor_slot_ = 0;
  State state_ = State::kIdle;
  bool in_init_ = true;
  bool aside_ = false;  // a function runs that was called by `call_aside`
  bool has_data_ = false;
  bool aborts_run_ = false;
  uint64_t ticket_ = 0;  // of the wait that may be ended; goes up with every wait and every end
  TagSetId context_ = 0;
  Iteration iteration_;
  IterationListener* listener_ = nullptr;
  uint64_t iterations_ = 0;  // started
  uint64_t iterations_in_scenario_ = 0;
  Operation* operations_ = nullptr;
  ResultReader* result_ = nullptr;
  std::vector<std::unique_ptr<VuExtension>> extensions_;
  uint64_t sent_ = 0;
  uint64_t received_ = 0;
  TagSetId traffic_context_ = 0;
  SeriesId sent_series_ = 0;
  SeriesId received_series_ = 0;
  std::string group_;
  std::unique_ptr<TagChanges> tag_changes_;   // null for most
  std::shared_ptr<const Metadata> metadata_;  // null for most
  std::string error_;
};

}  // namespace perigee
