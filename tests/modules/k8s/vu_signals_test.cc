#include "modules/k8s/vu_signals.h"

#include <doctest/doctest.h>

#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

// A VU that waits for a signal, and notes how that ended.
class WaitingVu final : private IterationListener {
 public:
  WaitingVu(ScriptHost& host, VuSignals& signals, std::string name)
      : signals_(signals), vu_(host.make_background_vu()), name_(std::move(name)) {
    lua_State* const L = host.main_state();
    lua_pushlightuserdata(L, this);
    lua_pushcclosure(L, wait, 1);
    vu_.start_function(*this);
  }

  bool waits() const { return !result_; }
  void interrupt() { vu_.interrupt(); }

 private:
  static int wait(lua_State* L) {
    auto& self = *static_cast<WaitingVu*>(lua_touserdata(L, lua_upvalueindex(1)));
    return self.signals_.await(L, self.vu_, self.name_, std::nullopt);
  }
  void on_iteration_end(VirtualUser& /*user*/, IterationResult result) override {
    result_ = result;
  }

  VuSignals& signals_;
  LuaVu& vu_;
  const std::string name_;
  std::optional<IterationResult> result_;
};

struct Fixture : ScriptFixture {
  Fixture() : ScriptFixture("return { default = function() end }") {}
  void turn() {
    loop().post([this] { loop().stop(); });
    loop().run();
  }
  VuSignals signals{host()};
};

}  // namespace

TEST_CASE("a user that is cut off while it waits leaves nothing behind") {
  Fixture fixture;
  WaitingVu vu(fixture.host(), fixture.signals, "pods a");
  CHECK(fixture.signals.awaited("pods "));
  CHECK_FALSE(fixture.signals.awaited("jobs "));
  vu.interrupt();
  CHECK_FALSE(fixture.signals.awaited("pods "));
  CHECK_FALSE(vu.waits());
}

TEST_CASE("all signals that begin alike resume who waits for them, and no others") {
  Fixture fixture;
  WaitingVu first(fixture.host(), fixture.signals, "pods a");
  WaitingVu second(fixture.host(), fixture.signals, "pods b");
  WaitingVu other(fixture.host(), fixture.signals, "pods/status a");
  fixture.signals.notify_all("pods ");
  fixture.turn();
  CHECK_FALSE(first.waits());
  CHECK_FALSE(second.waits());
  CHECK(other.waits());
  fixture.signals.notify("pods/status a");
  fixture.turn();
  CHECK_FALSE(other.waits());
}

}  // namespace perigee
