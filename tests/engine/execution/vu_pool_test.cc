#include "engine/execution/vu_pool.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_users.h"

namespace perigee {
namespace {

struct Fixture {
  explicit Fixture(std::vector<uint64_t> planned, size_t worker = 0)
      : pool(users, VuNumbers(std::move(planned), worker, others)) {}

  std::atomic<uint64_t> others{0};
  FakeClock clock;
  FakeScript script = always({});
  FakeUsers users{script, clock.timers(), clock};
  VuPool pool;
};

TEST_CASE("the VUs of three workers that plan alike have every third number each") {
  Fixture f({3, 3, 3}, 1);
  f.pool.make_planned();
  CHECK(f.pool.size() == 3);
  CHECK(f.pool.acquire().id() == 2);
  CHECK(f.pool.acquire().id() == 5);
  CHECK(f.pool.acquire().id() == 8);
}

TEST_CASE("a VU that was returned is lent again, the lowest id first") {
  Fixture f({3});
  f.pool.make_planned();
  VirtualUser& first = f.pool.acquire();
  VirtualUser& second = f.pool.acquire();
  f.pool.release(second);
  f.pool.release(first);
  CHECK(f.pool.acquire().id() == 1);
  CHECK(f.pool.acquire().id() == 2);
  CHECK(f.pool.acquire().id() == 3);
  CHECK(f.pool.size() == 3);
}

TEST_CASE("unplanned VUs are kept apart from planned ones") {
  Fixture f({2});
  f.pool.make_planned();
  VirtualUser& unplanned = f.pool.acquire_unplanned();
  CHECK(unplanned.id() == 3);
  f.pool.release(unplanned);
  CHECK(f.pool.acquire().id() == 1);
  CHECK(f.pool.acquire_unplanned().id() == 3);
  CHECK(f.pool.acquire().id() == 2);
  CHECK(f.pool.size() == 3);
}

TEST_CASE("VUs beyond the plan are made once, however often they come and go") {
  Fixture f({1});
  f.pool.make_planned();
  for (int round = 0; round < 3; ++round) {
    VirtualUser& planned = f.pool.acquire();
    VirtualUser& another = f.pool.acquire();
    CHECK(planned.id() == 1);
    CHECK(another.id() == 2);
    f.pool.release(planned);
    f.pool.release(another);
  }
  CHECK(f.pool.size() == 2);
}

TEST_CASE("a VU that can't be made is an error of the one who asks") {
  Fixture f({5});
  f.script.init = [](uint64_t id) {
    if (id == 2) throw ConfigError("script.lua:1: boom");
  };
  CHECK_THROWS_WITH_AS(f.pool.make_planned(), "VU 2 can't be made: script.lua:1: boom",
                       ScriptError);
  CHECK(f.pool.size() == 1);
  CHECK(f.pool.acquire().id() == 1);
}

}  // namespace
}  // namespace perigee
