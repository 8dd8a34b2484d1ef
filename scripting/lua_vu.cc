#include "scripting/lua_vu.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "engine/base/check.h"
#include "engine/base/config_error.h"
#include "scripting/script_field.h"
#include "scripting/script_host.h"
#include "scripting/values/value_copy.h"

namespace perigee {

LuaVu::LuaVu(ScriptHost& host, uint64_t id) : host_(host), id_(id) {
  anchor_ = host_.make_anchor(&anchor_slot_);
  make_coroutine();
  instantiate();
  in_init_ = false;
}

LuaVu::LuaVu(ScriptHost& host, WithoutScript) : host_(host), id_(0), has_script_(false) {
  anchor_ = host_.make_anchor(&anchor_slot_);
  make_coroutine();
  make_environment();
  in_init_ = false;
}

LuaVu::~LuaVu() {
  cancel_operations();
}

// The coroutine's stack holds the script's table, setup's data and the environment; what it runs
// lies above. All of it is anchored elsewhere too, because the stack of a coroutine that died is
// out of reach.
void LuaVu::make_coroutine() {
  lua_State* L = host_.main_state();
  lua_rawgeti(L, LUA_REGISTRYINDEX, anchor_);
  co_ = lua_newthread(L);
  lua_pushvalue(L, -1);
  lua_rawseti(L, -3, anchor_slot_);
  for (int slot = 1; slot <= kBaseSlots; ++slot) {
    lua_rawgeti(L, -2, anchor_slot_ + slot);
    lua_xmove(L, co_, 1);
  }
  if (!lua_isnil(co_, kEnvSlot)) {
    lua_pushvalue(co_, kEnvSlot);
    lua_xmove(co_, L, 1);
    lua_setfenv(L, -2);
  }
  lua_pop(L, 2);
}

void LuaVu::anchor(int slot) {
  lua_State* L = host_.main_state();
  lua_rawgeti(L, LUA_REGISTRYINDEX, anchor_);
  lua_pushvalue(co_, slot);
  lua_xmove(co_, L, 1);
  lua_rawseti(L, -2, anchor_slot_ + slot);
  lua_pop(L, 1);
}

void LuaVu::make_environment() {
  lua_createtable(co_, 0, 4);
  lua_pushvalue(co_, -1);
  lua_setfield(co_, -2, "_G");
  lua_pushnumber(co_, static_cast<double>(id_));
  lua_setfield(co_, -2, "__VU");
  lua_pushnumber(co_, 0);
  lua_setfield(co_, -2, "__ITER");
  lua_rawgeti(co_, LUA_REGISTRYINDEX, host_.env_metatable_);
  lua_setmetatable(co_, -2);
  lua_replace(co_, kEnvSlot);
  anchor(kEnvSlot);
  // Code that the script compiles itself gets the environment of the thread.
  lua_State* L = host_.main_state();
  lua_pushthread(co_);
  lua_pushvalue(co_, kEnvSlot);
  lua_xmove(co_, L, 2);
  lua_setfenv(L, -2);
  lua_pop(L, 1);
}

void LuaVu::instantiate() {
  make_environment();
  host_.push_chunk(co_, host_.script().path);
  lua_pushvalue(co_, kEnvSlot);
  lua_setfenv(co_, -2);
  const int status = run(0);
  if (status == LUA_YIELD) {
    throw ScriptError(
        fmt::format("{}: the script yields while it is loading", host_.script().path));
  }
  if (status != 0) throw ScriptError(traceback());
  if (lua_gettop(co_) <= kBaseSlots || !lua_istable(co_, kBaseSlots + 1)) {
    throw ScriptError(fmt::format(
        "{}: the script must return a table with its functions and options, e.g. end with "
        "\"return M\"; it returned {}",
        host_.script().path,
        lua_gettop(co_) > kBaseSlots ? luaL_typename(co_, kBaseSlots + 1) : "nothing"));
  }
  lua_settop(co_, kBaseSlots + 1);
  lua_replace(co_, kModuleSlot);
  anchor(kModuleSlot);
}

int LuaVu::run(int arguments) {
  LuaVu* const before = std::exchange(host_.current_, this);
  attribute_samples();
  host_.watched_.enter();
  const int status = lua_resume(co_, arguments);
  host_.watched_.leave();
  host_.current_ = before;
  return status;
}

std::string LuaVu::traceback() {
  lua_State* L = host_.main_state();
  std::string message = take_error(co_);
  message += host_.files().explain(message);
  luaL_traceback(L, co_, nullptr, 0);
  const std::string stack(view_at(L, -1));
  lua_pop(L, 1);
  // One line of a stack says no more than the message does.
  const auto lines = std::count(stack.begin(), stack.end(), '\n');
  if (lines > 1 && stack.starts_with("stack traceback:")) message += '\n' + stack;
  return message;
}

bool LuaVu::has_function(const char* name) {
  push_script_field(co_, kModuleSlot, name);
  const bool found = lua_isfunction(co_, -1);
  lua_pop(co_, 1);
  return found;
}

void LuaVu::start_iteration(const Iteration& iteration, IterationListener& listener) {
  if (iteration.run != iteration_.run) {
    lua_pushliteral(co_, "__ENV");
    host_.push_env(co_, iteration.run);
    lua_rawset(co_, kEnvSlot);
    push_script_field(co_, kModuleSlot, iteration.run->scenario.exec.c_str());
    lua_replace(co_, kFunctionSlot);
    anchor(kFunctionSlot);
    iterations_in_scenario_ = 0;
    tag_changes_.reset();
    metadata_.reset();
  }
  if (iteration.run != iteration_.run || context_ == 0 || !group_.empty()) {
    group_.clear();
    update_context(iteration.run);
  }
  begin(iteration, listener);
  ++iterations_in_scenario_;
  lua_pushvalue(co_, kFunctionSlot);
  lua_pushvalue(co_, kDataSlot);
  resume(1);
}

void LuaVu::start_call(const char* function, const char* group, IterationListener& listener,
                       ResultReader* result) {
  set_group(group);
  begin(Iteration{}, listener);
  result_ = result;
  push_script_field(co_, kModuleSlot, function);
  lua_pushvalue(co_, kDataSlot);
  resume(1);
}

void LuaVu::start_function(IterationListener& listener) {
  set_group("");
  begin(Iteration{}, listener);
  lua_xmove(host_.main_state(), co_, 1);
  resume(0);
}

void LuaVu::begin(const Iteration& iteration, IterationListener& listener) {
  PERIGEE_CHECK(state_ == State::kIdle);
  if (!has_data_ && !host_.data_.empty()) take_data();
  iteration_ = iteration;
  aborts_run_ = false;
  listener_ = &listener;
  lua_rawgeti(co_, LUA_REGISTRYINDEX, host_.iteration_key_);
  lua_pushnumber(co_, static_cast<double>(iterations_++));
  lua_rawset(co_, kEnvSlot);
}

// Every VU has a copy of its own, which it may change.
void LuaVu::take_data() {
  push_value_safely(co_, host_.data_);
  lua_replace(co_, kDataSlot);
  anchor(kDataSlot);
  has_data_ = true;
}

void LuaVu::resume(int arguments) {
  state_ = State::kRunning;
  const int status = run(arguments);
  if (status == 0) return function_returned();
  if (status == LUA_YIELD && state_ == State::kWaiting) return;
  if (status == LUA_YIELD) {
    lua_settop(co_, 0);
    lua_pushliteral(co_, "coroutine.yield was called outside of a coroutine of the script's own");
  }
  fail();
}

void LuaVu::function_returned() {
  if (result_ != nullptr && lua_gettop(co_) > kBaseSlots && !lua_isnil(co_, kBaseSlots + 1)) {
    try {
      result_->read(co_, kBaseSlots + 1);
    } catch (const std::exception& error) {
      push_view(co_, fmt::format("{}: {}", host_.script().path, error.what()));
      return fail();
    }
  }
  lua_settop(co_, kBaseSlots);
  for (Operation* operation = operations_; operation != nullptr;) {
    Operation* const next = operation->next_;
    operation->on_function_returned();
    operation = next;
  }
  if (operations_ == nullptr) return end(IterationResult::kCompleted);
  if (push_rest()) return resume(0);
  state_ = State::kDraining;
}

bool LuaVu::push_rest() {
  return std::any_of(extensions_.begin(), extensions_.end(), [this](const auto& extension) {
    return extension && extension->push_rest(co_);
  });
}

void LuaVu::fail() {
  error_ = traceback();
  // Those of setup and teardown end the run, which tells them.
  if (iteration_.run != nullptr) {
    host_.worker().log.limited(LogLevel::kError, "script error", error_);
  }
  make_coroutine();
  cancel_operations();
  end(IterationResult::kFailed);
}

void LuaVu::interrupt() {
  if (state_ == State::kIdle) return;
  PERIGEE_CHECK(state_ != State::kRunning);
  cancel_operations();
  if (state_ == State::kWaiting) make_coroutine();
  end(aborts_run_ ? IterationResult::kCompleted : IterationResult::kInterrupted);
}

void LuaVu::end(IterationResult result) {
  state_ = State::kIdle;
  ++ticket_;
  result_ = nullptr;
  for (auto& extension : extensions_) {
    if (extension) extension->on_iteration_end(*this);
  }
  attribute_samples();
  if (!extensions_.empty()) flush_traffic();
  std::exchange(listener_, nullptr)->on_iteration_end(*this, result);
  host_.worker().shard.attribute({});
}

void LuaVu::attribute_samples() {
  const uint64_t iteration = iterations_ == 0 ? 0 : iterations_ - 1;
  host_.worker().shard.attribute(
      {.vu = id_, .iteration = iteration, .known = true, .metadata = metadata_});
}

void LuaVu::flush_traffic() {
  WorkerContext& worker = host_.worker();
  const Instant now = worker.loop.recent();
  MetricShard& shard = worker.shard;
  if (traffic_context_ != context_ || sent_series_ == received_series_) {
    traffic_context_ = context_;
    sent_series_ = shard.series(worker.builtins.data_sent, context_);
    received_series_ = shard.series(worker.builtins.data_received, context_);
  }
  shard.add(sent_series_, static_cast<double>(std::exchange(sent_, 0)), now);
  shard.add(received_series_, static_cast<double>(std::exchange(received_, 0)), now);
}

void LuaVu::set_group(std::string path) {
  group_ = std::move(path);
  update_context(iteration_.run);
}

void LuaVu::set_tag(const std::string& name, std::optional<std::string_view> value) {
  if (!tag_changes_) tag_changes_ = std::make_unique<TagChanges>();
  tag_changes_->insert_or_assign(name, value);
  update_context(iteration_.run);
}

// Samples on their way to an output have what was set before.
void LuaVu::set_metadata(const std::string& name, std::optional<std::string_view> value) {
  auto changed = metadata_ ? std::make_shared<Metadata>(*metadata_) : std::make_shared<Metadata>();
  if (value) {
    changed->insert_or_assign(name, *value);
  } else {
    changed->erase(name);
  }
  metadata_ = changed->empty() ? nullptr : std::move(changed);
  host_.worker().shard.tell_sources();
  attribute_samples();
}

void LuaVu::update_context(const ScenarioRun* run) {
  context_ = host_.context(run, group_);
  if (tag_changes_) context_ = apply_tag_changes(context_);
}

TagSetId LuaVu::apply_tag_changes(TagSetId tags) const {
  TagSets& sets = host_.worker().shard.tags();
  TagSet changed;
  for (const auto& [name, value] : *sets.at(tags)) {
    if (tag_changes_->count(name) == 0) changed.set(name, value);
  }
  for (const auto& [name, value] : *tag_changes_) {
    if (value) changed.set(name, *value);
  }
  return sets.intern(std::move(changed));
}

std::optional<TagSetId> LuaVu::own_tags() const {
  if (!tag_changes_) return std::nullopt;
  // The iteration as a whole lies in no group, wherever it was cut off.
  return group_.empty() ? context_ : apply_tag_changes(iteration_.run->context);
}

int LuaVu::call_aside(lua_State* L, int arguments, int results) {
  LuaVu* const before = std::exchange(host_.current_, this);
  attribute_samples();
  aside_ = true;
  host_.watched_.enter();
  const int status = lua_pcall(L, arguments, results, 0);
  host_.watched_.leave();
  aside_ = false;
  host_.current_ = before;
  return status;
}

void LuaVu::refuse_aside() const {
  if (!aside_) return;
  throw std::runtime_error(
      "a function that makes a body can neither wait nor send requests: get what it needs before "
      "the request that it is for");
}

Wake LuaVu::prepare_wait() {
  refuse_aside();
  return {this, ++ticket_};
}

int LuaVu::wait(lua_State* L, int keep) {
  state_ = State::kWaiting;
  lua_pushlightuserdata(L, await_mark());
  lua_insert(L, -1 - keep);
  return lua_yield(L, keep + 1);
}

void LuaVu::add(Operation& operation) {
  operation.previous_ = nullptr;
  operation.next_ = operations_;
  if (operations_ != nullptr) operations_->previous_ = &operation;
  operations_ = &operation;
}

void LuaVu::unlink(Operation& operation) {
  (operation.previous_ == nullptr ? operations_ : operation.previous_->next_) = operation.next_;
  if (operation.next_ != nullptr) operation.next_->previous_ = operation.previous_;
}

void LuaVu::remove(Operation& operation) {
  unlink(operation);
  if (state_ == State::kDraining && operations_ == nullptr) end(IterationResult::kCompleted);
}

void LuaVu::cancel_operations() {
  while (operations_ != nullptr) {
    Operation& operation = *operations_;
    unlink(operation);
    operation.cancel();
  }
}

void LuaVu::set_extension(size_t slot, std::unique_ptr<VuExtension> extension) {
  if (extensions_.size() <= slot) extensions_.resize(slot + 1);
  extensions_[slot] = std::move(extension);
}

void LuaVu::add_traffic(uint64_t sent, uint64_t received) {
  sent_ += sent;
  received_ += received;
}

}  // namespace perigee
