#include "modules/sync/module.h"

#include <cmath>
#include <new>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "modules/sync/arguments.h"
#include "modules/sync/call.h"
#include "modules/sync/held_locks.h"
#include "modules/sync/limits.h"
#include "scripting/binding.h"
#include "scripting/bindings/arguments.h"
#include "scripting/call_guard.h"
#include "scripting/script_host.h"
#include "scripting/values/value_copy.h"

namespace perigee {
namespace {

namespace limits = sync::limits;

constexpr const char* kLock = "perigee.sync.lock";
constexpr const char* kBarrier = "perigee.sync.barrier";
constexpr const char* kCounter = "perigee.sync.counter";
constexpr const char* kQueue = "perigee.sync.queue";

// What a handle's userdata holds.
template <typename T>
T& object_at(lua_State* L, const char* type) {
  return **static_cast<T**>(luaL_checkudata(L, 1, type));
}

template <typename T>
int push_handle(lua_State* L, T& object, const char* type) {
  *static_cast<T**>(lua_newuserdata(L, sizeof(T*))) = &object;
  luaL_getmetatable(L, type);
  lua_setmetatable(L, -2);
  return 1;
}

class SyncInstance final : public Module::Instance {
 public:
  SyncInstance(ScriptHost& host, sync::Room& room) : host_(host), room_(room), calls_(host) {}

  void push(lua_State* L) override;

 private:
  static SyncInstance& self(lua_State* L) { return upvalue<SyncInstance>(L); }

  static int lock(lua_State* L);
  static int barrier(lua_State* L);
  static int counter(lua_State* L);
  static int queue(lua_State* L);

  static int acquire(lua_State* L) { return acquire(L, "lock:acquire", false); }
  static int acquire_shared(lua_State* L) { return acquire(L, "lock:acquire_shared", true); }
  static int acquire(lua_State* L, const char* name, bool shared);
  static int release(lua_State* L);
  static int wait(lua_State* L);
  static int add(lua_State* L);
  static int value(lua_State* L);
  static int push_value(lua_State* L);
  static int pop_value(lua_State* L);
  static int close(lua_State* L);
  static int length(lua_State* L);

  // How long a call may take.
  struct Limit {
    bool may_wait = true;
    std::optional<Instant> until;
  };

  LuaVu& waiting_vu(const char* name);
  Limit limit_at(lua_State* L, int index) const;
  int await(lua_State* L, SyncCall& call, const Limit& limit);
  int end(SyncCall& call, int results);

  ScriptHost& host_;
  sync::Room& room_;
  SyncCalls calls_;
};

// One that may wait, which functions that are called aside can't.
LuaVu& SyncInstance::waiting_vu(const char* name) {
  LuaVu& vu = host_.vu_for(name);
  vu.refuse_aside();
  return vu;
}

SyncInstance::Limit SyncInstance::limit_at(lua_State* L, int index) const {
  const auto timeout = timeout_at(L, index);
  if (!timeout) return {};
  return {*timeout > Duration::zero(), host_.worker().loop.now() + *timeout};
}

// The call waits, if it may.
int SyncInstance::await(lua_State* L, SyncCall& call, const Limit& limit) {
  if (limit.may_wait) return calls_.await(L, call, limit.until);
  return end(call, push_nothing(L, "timeout"));
}

int SyncInstance::end(SyncCall& call, int results) {
  calls_.drop(call);
  return results;
}

// sync.lock(name)
int SyncInstance::lock(lua_State* L) {
  return push_handle(L, self(L).room_.lock(std::string(check_text(L, 1))), kLock);
}

// sync.barrier(name, parties)
int SyncInstance::barrier(lua_State* L) {
  const size_t parties = count_at(L, 2, "parties", limits::kParties);
  return push_handle(L, self(L).room_.barrier(std::string(check_text(L, 1)), parties), kBarrier);
}

// sync.counter(name, options)
int SyncInstance::counter(lua_State* L) {
  const sync::CounterRange range = range_at(L, 2);
  return push_handle(L, self(L).room_.counter(std::string(check_text(L, 1)), range), kCounter);
}

// sync.queue(name, capacity)
int SyncInstance::queue(lua_State* L) {
  const size_t capacity = lua_isnoneornil(L, 2) ? limits::kUsualCapacity
                                                : count_at(L, 2, "capacity", limits::kCapacity);
  return push_handle(L, self(L).room_.queue(std::string(check_text(L, 1)), capacity), kQueue);
}

// The lock is the VU's now.
int push_locked(lua_State* L, SyncCall& call) {
  auto& lock = static_cast<sync::Lock&>(call.waited_for());
  HeldLocks::of(call.vu(), call.calls().lock_slot()).add(lock);
  lua_pushboolean(L, 1);
  return 1;
}

int SyncInstance::acquire(lua_State* L, const char* name, bool shared) {
  SyncInstance& instance = self(L);
  auto& lock = object_at<sync::Lock>(L, kLock);
  LuaVu& vu = instance.waiting_vu(name);
  const Limit limit = instance.limit_at(L, 2);
  SyncCall& call = instance.calls_.take(vu, lock, push_locked);
  call.shared = shared;
  try {
    if (lock.acquire(call, limit.may_wait)) return instance.end(call, push_locked(L, call));
  } catch (const std::runtime_error&) {
    instance.calls_.drop(call);
    throw;
  }
  return instance.await(L, call, limit);
}

int SyncInstance::release(lua_State* L) {
  SyncInstance& instance = self(L);
  auto& lock = object_at<sync::Lock>(L, kLock);
  LuaVu& vu = instance.host_.vu_for("lock:release");
  lock.release(&vu);
  HeldLocks::of(vu, instance.calls_.lock_slot()).remove(lock);
  return 0;
}

int push_place(lua_State* L, SyncCall& call) {
  lua_pushnumber(L, static_cast<double>(call.place));
  return 1;
}

int SyncInstance::wait(lua_State* L) {
  SyncInstance& instance = self(L);
  auto& barrier = object_at<sync::Barrier>(L, kBarrier);
  LuaVu& vu = instance.waiting_vu("barrier:wait");
  const Limit limit = instance.limit_at(L, 2);
  SyncCall& call = instance.calls_.take(vu, barrier, push_place);
  const auto place = barrier.arrive(call, limit.may_wait);
  if (!place) return instance.await(L, call, limit);
  call.place = *place;
  return instance.end(call, push_place(L, call));
}

int SyncInstance::add(lua_State* L) {
  auto& counter = object_at<sync::Counter>(L, kCounter);
  self(L).host_.vu_for("counter:add");
  const double amount = lua_isnoneornil(L, 2) ? 1 : lua_tonumber(L, 2);
  if (!std::isfinite(amount)) throw std::runtime_error("amount must be a finite number");
  const auto sum = counter.add(amount);
  if (!sum) return push_nothing(L, "limit");
  lua_pushnumber(L, *sum);
  return 1;
}

int SyncInstance::value(lua_State* L) {
  lua_pushnumber(L, object_at<sync::Counter>(L, kCounter).value());
  return 1;
}

int push_handed_over(lua_State* L, SyncCall& call) {
  if (call.closed) return push_nothing(L, "closed");
  lua_pushboolean(L, 1);
  return 1;
}

int SyncInstance::push_value(lua_State* L) {
  SyncInstance& instance = self(L);
  auto& queue = object_at<sync::Queue>(L, kQueue);
  LuaVu& vu = instance.waiting_vu("queue:push");
  if (lua_isnil(L, 2)) throw std::runtime_error("value must not be nil");
  const Limit limit = instance.limit_at(L, 3);
  std::string copy = copy_value(L, 2, "value");
  if (copy.size() > limits::kValueBytes) {
    throw std::runtime_error(fmt::format("value takes {} bytes; a queue takes values of {} at most",
                                         copy.size(), limits::kValueBytes));
  }
  SyncCall& call = instance.calls_.take(vu, queue, push_handed_over);
  call.value = std::move(copy);
  const sync::Queue::Result result = queue.push(call, limit.may_wait);
  if (result == sync::Queue::Result::kWaits) return instance.await(L, call, limit);
  call.closed = result == sync::Queue::Result::kClosed;
  return instance.end(call, push_handed_over(L, call));
}

int push_received(lua_State* L, SyncCall& call) {
  if (call.closed) return push_nothing(L, "closed");
  push_value_safely(L, call.value);
  return 1;
}

int SyncInstance::pop_value(lua_State* L) {
  SyncInstance& instance = self(L);
  auto& queue = object_at<sync::Queue>(L, kQueue);
  LuaVu& vu = instance.waiting_vu("queue:pop");
  const Limit limit = instance.limit_at(L, 2);
  SyncCall& call = instance.calls_.take(vu, queue, push_received);
  const sync::Queue::Result result = queue.pop(call, limit.may_wait);
  if (result == sync::Queue::Result::kWaits) return instance.await(L, call, limit);
  call.closed = result == sync::Queue::Result::kClosed;
  return instance.end(call, push_received(L, call));
}

int SyncInstance::close(lua_State* L) {
  self(L).host_.vu_for("queue:close");
  object_at<sync::Queue>(L, kQueue).close();
  return 0;
}

int SyncInstance::length(lua_State* L) {
  lua_pushnumber(L, static_cast<double>(object_at<sync::Queue>(L, kQueue).length()));
  return 1;
}

// The metatable of one kind of handles; its methods are called `prefix` and their name.
template <size_t N>
void declare_type(lua_State* L, void* instance, const char* type, const char* prefix,
                  const Function (&methods)[N]) {
  const StackGuard stack(L);
  luaL_newmetatable(L, type);
  const int metatable = lua_gettop(L);
  lua_newtable(L);
  set_functions(L, instance, methods);
  guard_calls(L, prefix, metatable);
  lua_setfield(L, metatable, "__index");
  lua_pushboolean(L, 0);
  lua_setfield(L, metatable, "__metatable");
}

void SyncInstance::push(lua_State* L) {
  const Function lock_methods[] = {{"acquire", bound<acquire>},
                                   {"acquire_shared", bound<acquire_shared>},
                                   {"release", bound<release>}};
  declare_type(L, this, kLock, "lock:", lock_methods);
  const Function barrier_methods[] = {{"wait", bound<wait>}};
  declare_type(L, this, kBarrier, "barrier:", barrier_methods);
  const Function counter_methods[] = {{"add", bound<add>}, {"value", bound<value>}};
  declare_type(L, this, kCounter, "counter:", counter_methods);
  const Function queue_methods[] = {{"push", bound<push_value>},
                                    {"pop", bound<pop_value>},
                                    {"close", bound<close>},
                                    {"length", bound<length>}};
  declare_type(L, this, kQueue, "queue:", queue_methods);
  lua_newtable(L);
  const Function functions[] = {{"lock", bound<lock>},
                                {"barrier", bound<barrier>},
                                {"counter", bound<counter>},
                                {"queue", bound<queue>}};
  set_functions(L, this, functions);
}

}  // namespace

std::unique_ptr<Module::Instance> SyncModule::open(ScriptHost& host) {
  return std::make_unique<SyncInstance>(host, room_);
}

}  // namespace perigee
