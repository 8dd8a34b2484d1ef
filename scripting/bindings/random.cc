#include "scripting/bindings/random.h"

#include <random>

#include "scripting/bindings/random_choice.h"
#include "scripting/bindings/random_number.h"
#include "scripting/bindings/random_source.h"

namespace perigee {
namespace {

class RandomInstance final : public Module::Instance {
 public:
  explicit RandomInstance(ScriptHost& host) : source_(host) {}

  void push(lua_State* L) override {
    lua_newtable(L);
    add_random_numbers(L, source_);
    add_random_choices(L, source_);
  }

 private:
  RandomSource source_;
};

}  // namespace

std::unique_ptr<Module::Instance> RandomModule::open(ScriptHost& host) {
  return std::make_unique<RandomInstance>(host);
}

}  // namespace perigee
