#include "scripting/bindings/random_source.h"

#include <memory>
#include <random>

#include "scripting/lua_state.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

struct VuRandom final : VuExtension {
  explicit VuRandom(uint64_t seed) : generator(seed) {}
  void on_iteration_end(LuaVu&) override {}

  RandomGenerator generator;
};

// Sources of one host draw from the same generators, whatever modules they belong to.
size_t generator_slot(ScriptHost& host) {
  constexpr const char* kSlot = "perigee.random.slot";
  lua_State* L = host.main_state();
  const StackGuard guard(L);
  lua_getfield(L, LUA_REGISTRYINDEX, kSlot);
  if (!lua_isnil(L, -1)) return static_cast<size_t>(lua_tointeger(L, -1));
  const size_t slot = host.new_extension_slot();
  lua_pushinteger(L, static_cast<lua_Integer>(slot));
  lua_setfield(L, LUA_REGISTRYINDEX, kSlot);
  return slot;
}

}  // namespace

RandomSource::RandomSource(ScriptHost& host)
    : host_(host), slot_(generator_slot(host)), seeds_(std::random_device()()) {
  seeds_ = seeds_ << 32 | std::random_device()();
}

RandomGenerator& RandomSource::generator() {
  LuaVu& vu = host_.vu();
  if (vu.extension(slot_) == nullptr) seed(next_seed(seeds_));
  return static_cast<VuRandom*>(vu.extension(slot_))->generator;
}

void RandomSource::seed(uint64_t seed) {
  host_.vu().set_extension(slot_, std::make_unique<VuRandom>(seed));
}

}  // namespace perigee
