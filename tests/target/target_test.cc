#include "target/target.h"

#include <chrono>
#include <thread>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

int count_status(RawClient& client, const char* path, int requests, int status) {
  int count = 0;
  for (int i = 0; i < requests; ++i)
    count += client.get(path).status == status ? 1 : 0;
  return count;
}

TEST_CASE("several workers serve one port and count together") {
  TargetOptions options;
  options.workers = 3;
  const TargetFixture fixture(options);
  for (int i = 0; i < 30; ++i)
    CHECK(fixture.get("/bytes/5").status == 200);
  const auto stats = fixture.stats();
  CHECK(stats["requests"] == 30);
  CHECK(stats["connections"] == 30);
  CHECK(stats["arrivals_ns"].size() == 30);
}

TEST_CASE("a model loaded at one worker is served by all") {
  TargetOptions options;
  options.workers = 3;
  const TargetFixture fixture(options);
  CHECK(fixture.post("/v2/repository/models/iris7/load", "").status == 200);
  for (int i = 0; i < 20; ++i)
    CHECK(fixture.get("/v2/models/iris7/ready").status == 200);
}

TEST_CASE("many clients at once lose nothing") {
  TargetOptions options;
  options.workers = 2;
  TargetFixture fixture(options);
  std::vector<std::thread> clients;
  clients.reserve(8);
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&fixture] {
      RawClient client(fixture.port());
      count_status(client, "/bytes/5", 500, 200);
    });
  }
  for (std::thread& client : clients)
    client.join();
  CHECK(fixture.target.stats().read().requests == 4000);
  CHECK(fixture.target.stats().read().answered == 4000);
}

TEST_CASE("a target with open connections, and answers due, ends at once") {
  auto fixture = std::make_unique<TargetFixture>();
  RawClient idle(fixture->port());
  idle.get("/bytes/5");
  RawClient waiting(fixture->port());
  waiting.send("GET /delay/3600000 HTTP/1.1\r\nHost: test\r\n\r\n");
  fixture.reset();
  CHECK(idle.read_to_end() == "");
}

TEST_CASE("the share of failed requests is the error rate, and health does not fail") {
  TargetOptions options;
  options.behaviour.error_rate = 0.5;
  options.behaviour.seed = 4;
  const TargetFixture fixture(options);
  RawClient client(fixture.port());
  CHECK(count_status(client, "/bytes/5", 400, 503) == doctest::Approx(200).epsilon(0.2));
  CHECK(count_status(client, "/v2/health/live", 100, 200) == 100);
  CHECK(count_status(client, "/v2/models/iris/ready", 100, 200) == 100);
}

TEST_CASE("latency delays what is loaded and not what is asked beside it") {
  TargetOptions options;
  options.behaviour.latency = parse_latency("40ms");
  const TargetFixture fixture(options);
  RawClient client(fixture.port());
  const auto start = std::chrono::steady_clock::now();
  client.get("/bytes/5");
  client.post("/v2/models/iris/infer", "{}");
  CHECK(std::chrono::steady_clock::now() - start >= 80ms);
  RawClient waiting(fixture.port());
  waiting.send("GET /delay/3600000 HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(client.get("/v2/health/live").status == 200);
  CHECK(waiting.silent());
}

TEST_CASE("in a stall nothing is answered until it ends") {
  TargetOptions options;
  options.behaviour.stall = parse_stall("every=200ms,for=100ms");
  const TargetFixture fixture(options);
  RawClient client(fixture.port());
  const auto start = std::chrono::steady_clock::now();
  auto longest = 0ns;
  for (auto now = start; now - start < 500ms;) {
    client.get("/bytes/5");
    const auto before = std::exchange(now, std::chrono::steady_clock::now());
    longest = std::max<std::chrono::nanoseconds>(longest, now - before);
  }
  CHECK(longest >= 90ms);
}

TEST_CASE("a port in use is told") {
  const TargetFixture fixture;
  TargetOptions options;
  options.port = fixture.port();
  Log log(LogLevel::kError);
  const std::string message =
      "cannot listen at 127.0.0.1:" + std::to_string(options.port) + ": Address already in use";
  CHECK_THROWS_WITH(Target(options, log), message.c_str());
  options.workers = 2;
  CHECK_THROWS_WITH(Target(options, log), message.c_str());
}

TEST_CASE("several workers do not share their port with another target of several workers") {
  TargetOptions options;
  options.workers = 2;
  const TargetFixture fixture(options);
  options.port = fixture.port();
  Log log(LogLevel::kError);
  CHECK_THROWS_AS(Target(options, log), std::runtime_error);
}

TEST_CASE("options that make no sense are refused") {
  Log log(LogLevel::kError);
  TargetOptions options;
  options.port = 0;
  options.address = "localhost";
  CHECK_THROWS_WITH_AS(Target(options, log), "\"localhost\" is not an IP address", ConfigError);
  options.address = "127.0.0.1";
  options.models = {"iriss"};
  CHECK_THROWS_WITH_AS(
      Target(options, log),
      "there is no model type \"iriss\" (did you mean \"iris\"?); the types are add10, "
      "echo, iris, "
      "mlflow_wine, onnx_gpt2, pytorch_cifar10, sentiment, stateful_sum, synth, tfmnist, "
      "tfresnet152, tfsimple, "
      "tfsimple_string",
      ConfigError);
}

TEST_CASE("the target serves on IPv6 too") {
  TargetOptions options;
  options.address = "::1";
  const TargetFixture fixture(options);
  CHECK(fixture.target.address().v6());
  CHECK(fixture.port() != 0);
}

}  // namespace
}  // namespace perigee
