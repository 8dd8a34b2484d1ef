#include "scripting/summary_handler.h"

#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/execution/end_at_once.h"
#include "engine/loop/loop.h"
#include "engine/loop/signals.h"
#include "scripting/json_codec.h"
#include "scripting/values/value_copy.h"

namespace perigee {
namespace {

constexpr const char* kFunction = "handleSummary";

std::string describe_key(lua_State* L, int index) {
  return lua_type(L, index) == LUA_TSTRING
             ? fmt::format("\"{}\"", view_at(L, index))
             : fmt::format("a key that is a {}", luaL_typename(L, index));
}

std::string argument(lua_State* L, const SummaryCall& call) {
  const StackGuard guard(L);
  push_json(L, call.data);
  if (!call.setup_data.empty()) {
    push_value_safely(L, call.setup_data);
    lua_setfield(L, -2, "setup_data");
  }
  return copy_value(L, -1, "data");
}

// One call with everything it needs. What it measures is told to nobody.
class SummaryRun final : private IterationListener, private ResultReader, private RunControl {
 public:
  explicit SummaryRun(const SummaryCall& call)
      : timeout_(call.plan.options.handle_summary_timeout),
        log_(call.log),
        expects_end_(call.signalled),
        shard_(call.plan.registry),
        state_(call.plan.options.scenarios.size(), 1),
        worker_{0,
                1,
                loop_,
                shard_,
                call.plan.registry,
                call.plan.builtins,
                call.plan.options,
                run_tags(call.plan.options),
                call.log,
                state_,
                *this},
        host_(call.script, call.modules, worker_, call.watchdog, /*declaring=*/nullptr) {
    host_.set_data(argument(host_.main_state(), call));
  }

  SummaryAnswer execute() {
    const Signals signals(loop_, [this](int) { on_signal(); });
    LuaVu vu(host_, 0);
    Timer timer(loop_.timers(), [&] {
      stop(vu, fmt::format("handleSummary() took longer than {} (option handleSummaryTimeout)",
                           format_duration(timeout_)));
    });
    timer.start(loop_.now() + timeout_);
    vu_ = &vu;
    vu.start_call(kFunction, "", *this, this);
    if (!ended_) loop_.run();
    if (!error_.empty()) throw ScriptError(error_);
    return {std::move(texts_), signalled_};
  }

 private:
  void stop(LuaVu& vu, const std::string& why) {
    if (ended_) return;
    error_ = why;
    vu.interrupt();
  }

  void on_signal() {
    if (expects_end_ || signalled_) end_at_once(log_);
    signalled_ = true;
    log_.info(
        "stopping at a signal; handleSummary is finished first, a second signal ends at once");
  }

  void read(lua_State* L, int index) override {
    constexpr std::string_view kWanted =
        "what handleSummary() returned must be a table from \"stdout\", \"stderr\" or a path to "
        "text";
    if (!lua_istable(L, index)) {
      throw std::runtime_error(fmt::format("{}, it is a {}", kWanted, luaL_typename(L, index)));
    }
    texts_.emplace();
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
      if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING) {
        throw std::runtime_error(fmt::format("{}, it has a {} at {}", kWanted, luaL_typename(L, -1),
                                             describe_key(L, -2)));
      }
      texts_->emplace(view_at(L, -2), view_at(L, -1));
    }
  }

  void on_iteration_end(VirtualUser&, IterationResult result) override {
    ended_ = true;
    if (result == IterationResult::kFailed) error_ = vu_->error();
    loop_.stop();
  }

  // The VU waits for its end when this is called.
  void abort_from_script(const std::string& message) override {
    loop_.post([this, message] { stop(*vu_, "handleSummary() called abort(): " + message); });
  }
  void fail_from_script(const std::string& /*message*/) override {
    throw std::runtime_error("the run is over: handleSummary() can't fail it any more");
  }

  const Duration timeout_;
  Log& log_;
  const bool expects_end_;  // by the next signal
  Loop loop_;
  MetricShard shard_;
  RunState state_;
  WorkerContext worker_;
  ScriptHost host_;
  LuaVu* vu_ = nullptr;
  std::optional<SummaryTexts> texts_;
  std::string error_;
  bool ended_ = false;
  bool signalled_ = false;
};

}  // namespace

SummaryAnswer handle_summary(const SummaryCall& call) {
  return SummaryRun(call).execute();
}

}  // namespace perigee
