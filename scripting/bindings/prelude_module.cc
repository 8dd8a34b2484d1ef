#include "scripting/bindings/prelude_module.h"

#include "scripting/sandbox.h"

namespace perigee {
namespace {

class PreludeInstance final : public Module::Instance {
 public:
  explicit PreludeInstance(const std::string& prelude) : prelude_(prelude) {}

  void push(lua_State* L) override { run_prelude(L, prelude_.c_str(), 0); }

 private:
  const std::string& prelude_;
};

}  // namespace

std::unique_ptr<Module::Instance> PreludeModule::open(ScriptHost&) {
  return std::make_unique<PreludeInstance>(prelude_);
}

}  // namespace perigee
