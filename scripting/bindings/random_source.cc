#include "scripting/bindings/random_source.h"

#include <memory>
#include <random>

#include "scripting/script_host.h"

namespace perigee {
namespace {

struct VuRandom final : VuExtension {
  explicit VuRandom(uint64_t seed) : generator(seed) {}
  void on_iteration_end(LuaVu&) override {}

  RandomGenerator generator;
};

}  // namespace

RandomSource::RandomSource(ScriptHost& host)
    : host_(host), slot_(host.new_extension_slot()), seeds_(std::random_device()()) {
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
