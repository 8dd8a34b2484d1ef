#include "engine/net/resolver.h"

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/loop_fixture.h"

namespace perigee {
namespace {

// DNS allows 63 letters before a dot, so this name is refused without asking anybody.
const std::string kImpossible = std::string(70, 'a') + ".test";

struct ResolverFixture : LoopFixture {
  Resolver resolver{loop};
  std::shared_ptr<int> token = std::make_shared<int>(0);
  std::vector<Resolver::Answer> answers;

  Resolver::Callback keep(size_t last = 1) {
    return [this, last](const Resolver::Answer& answer) {
      answers.push_back(answer);
      if (answers.size() == last) loop.stop();
    };
  }
};

TEST_CASE_FIXTURE(ResolverFixture, "an IP address is its own answer") {
  REQUIRE(resolver.cached("127.0.0.1") != nullptr);
  CHECK(resolver.cached("127.0.0.1")->addresses.at(0).ip() == "127.0.0.1");
  CHECK(resolver.cached("::1")->addresses.at(0).ip() == "::1");
}

TEST_CASE_FIXTURE(ResolverFixture, "localhost is found and remembered") {
  CHECK(resolver.cached("localhost") == nullptr);
  resolver.resolve("localhost", token, keep());
  CHECK(answers.empty());
  run();
  REQUIRE(answers.size() == 1);
  REQUIRE_FALSE(answers[0].addresses.empty());
  CHECK(answers[0].error.empty());
  const bool v6 = answers[0].addresses[0].v6();
  CHECK(answers[0].addresses[0].ip() == (v6 ? "::1" : "127.0.0.1"));
  REQUIRE(resolver.cached("localhost") != nullptr);
  CHECK(resolver.cached("localhost")->addresses == answers[0].addresses);
}

TEST_CASE_FIXTURE(ResolverFixture, "what is remembered is forgotten after its time") {
  Resolver forgetful(loop, Duration::zero());
  forgetful.resolve("localhost", token, keep());
  run();
  CHECK(answers.size() == 1);
  CHECK(forgetful.cached("localhost") == nullptr);
}

TEST_CASE_FIXTURE(ResolverFixture, "what is remembered for good stays") {
  Resolver faithful(loop, Duration::max());
  faithful.remember("h.test", {.addresses = {*Address::parse("10.0.0.1", 0)}, .error = {}});
  REQUIRE(faithful.cached("h.test") != nullptr);
  CHECK(faithful.cached("h.test")->addresses[0].ip() == "10.0.0.1");
}

TEST_CASE_FIXTURE(ResolverFixture, "everyone who asks for the same name meanwhile is answered") {
  resolver.resolve("localhost", token, keep(2));
  resolver.resolve("localhost", token, keep(2));
  run();
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].addresses.size() == answers[1].addresses.size());
}

TEST_CASE_FIXTURE(ResolverFixture,
                  "a name that cannot exist has no addresses, and is not remembered") {
  resolver.resolve(kImpossible, token, keep());
  CHECK(answers.empty());
  run();
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].addresses.empty());
  CHECK(answers[0].not_found);
  CHECK(answers[0].error == "no such host");
  CHECK(resolver.cached(kImpossible) == nullptr);
}

TEST_CASE_FIXTURE(ResolverFixture, "a name longer than DNS allows is refused on a later turn") {
  resolver.resolve(std::string(2000, 'a'), token, keep());
  CHECK(answers.empty());
  run();
  CHECK(answers.at(0).error == "no such host");
  CHECK(answers.at(0).not_found);
}

TEST_CASE_FIXTURE(ResolverFixture, "who is gone by then is not called back") {
  resolver.resolve("localhost", std::make_shared<int>(0), keep());
  resolver.resolve("localhost", token, [this](const Resolver::Answer&) { loop.stop(); });
  run();
  CHECK(answers.empty());
}

TEST_CASE_FIXTURE(LoopFixture, "a resolver may be destroyed while it looks a name up") {
  bool called = false;
  const auto token = std::make_shared<int>(0);
  auto resolver = std::make_unique<Resolver>(loop);
  resolver->resolve("localhost", token, [&](const Resolver::Answer&) { called = true; });
  resolver->resolve(std::string(2000, 'a'), token, [&](const Resolver::Answer&) { called = true; });
  resolver.reset();
  do
    turn();
  while (loop.awaits_system());
  CHECK_FALSE(called);
}

TEST_CASE_FIXTURE(ResolverFixture, "a caller may ask again from within its answer") {
  resolver.resolve(kImpossible, token, [this](const Resolver::Answer& answer) {
    answers.push_back(answer);
    resolver.resolve(kImpossible, token, keep(2));
  });
  run();
  CHECK(answers.size() == 2);
}

}  // namespace
}  // namespace perigee
