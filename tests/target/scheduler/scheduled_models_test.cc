#include "target/scheduler/scheduled_models.h"

#include <doctest/doctest.h>

#include "tests/target/scheduler/scheduler_fixture.h"

namespace perigee {
namespace {

using std::chrono::seconds;
using Reports = std::vector<std::string>;

SchedulerOptions taking(int64_t load, int64_t unload = 0) {
  SchedulerOptions options;
  options.load_time = seconds(load);
  options.unload_time = seconds(unload);
  return options;
}

TEST_CASE("a model is progressing until it has been loaded, and then it is served") {
  SchedulerFixture scheduler(taking(2));
  scheduler.load(SchedulerFixture::iris());
  CHECK(scheduler.model("iris-1") == "progressing 0/1");
  CHECK(!scheduler.served("iris-1"));
  scheduler.pass(seconds(1));
  CHECK(scheduler.model("iris-1") == "progressing 0/1");
  scheduler.pass(seconds(1));
  CHECK(scheduler.model("iris-1") == "available 1/1");
  CHECK(scheduler.version("iris-1").server == "mlserver");
  CHECK(scheduler.served("iris-1_1"));
  CHECK(scheduler.reported() == Reports{"iris-1 progressing", "iris-1 available"});
}

TEST_CASE("an unloaded model is not served at once, and terminated after a time") {
  SchedulerFixture scheduler(taking(0, 3));
  scheduler.load(SchedulerFixture::iris());
  REQUIRE(scheduler.served("iris-1"));
  scheduler.unload("iris-1");
  CHECK(!scheduler.served("iris-1"));
  CHECK(scheduler.model("iris-1") == "terminating 0/1");
  CHECK(scheduler.refusal(SchedulerFixture::iris()).find("is being unloaded") != std::string::npos);
  scheduler.pass(seconds(3));
  CHECK(scheduler.model("iris-1") == "terminated 0/1");
  CHECK(scheduler.state.models().get("iris-1").deleted);
  CHECK(scheduler.reported() == Reports{"iris-1 progressing", "iris-1 available",
                                        "iris-1 terminating", "iris-1 terminated"});
}

TEST_CASE("a model that is unloaded while it loads never becomes available") {
  SchedulerFixture scheduler(taking(2));
  scheduler.load(SchedulerFixture::iris());
  scheduler.pass(seconds(1));
  scheduler.unload("iris-1");
  scheduler.pass(seconds(5));
  CHECK(scheduler.model("iris-1") == "terminated 0/1");
  CHECK(!scheduler.served("iris-1"));
}

TEST_CASE("a model that has gone is loaded again from the first version on") {
  SchedulerFixture scheduler(taking(1));
  scheduler.load(SchedulerFixture::iris());
  scheduler.unload("iris-1");
  REQUIRE(scheduler.model("iris-1") == "terminated 0/1");
  scheduler.load(SchedulerFixture::iris());
  scheduler.pass(seconds(1));
  CHECK(scheduler.model("iris-1") == "available 1/1");
  CHECK(scheduler.version("iris-1").number == 1);
}

TEST_CASE(
    "another specification makes a new version, which replaces the old one when it is there") {
  SchedulerFixture scheduler(taking(2));
  scheduler.load(SchedulerFixture::iris());
  scheduler.pass(seconds(2));
  ModelRequest changed = SchedulerFixture::iris();
  changed.specification += "changed";
  scheduler.load(changed);
  CHECK(scheduler.version("iris-1").number == 2);
  CHECK(scheduler.model("iris-1") == "progressing 0/1");
  CHECK(scheduler.served("iris-1", "1"));
  scheduler.pass(seconds(2));
  CHECK(scheduler.served("iris-1", "2"));
  CHECK(!scheduler.served("iris-1", "1"));
  const auto& versions = scheduler.state.models().get("iris-1").versions;
  REQUIRE(versions.size() == 2);
  CHECK(versions.front().state == ModelState::kTerminated);
}

TEST_CASE("the same specification again changes nothing but the generation and the replicas") {
  SchedulerFixture scheduler(taking(2));
  ModelRequest request = SchedulerFixture::iris();
  request.generation = 7;
  scheduler.load(request);
  scheduler.pass(seconds(2));
  scheduler.reported();
  request.generation = 8;
  scheduler.load(request);
  CHECK(scheduler.reported().empty());
  CHECK(scheduler.version("iris-1").number == 7);
  CHECK(scheduler.version("iris-1").request.generation == 8);
  request.replicas = 3;
  scheduler.load(request);
  CHECK(scheduler.model("iris-1") == "progressing 1/3");
  CHECK(scheduler.served("iris-1"));
  scheduler.pass(seconds(2));
  CHECK(scheduler.model("iris-1") == "available 3/3");
  request.replicas = 2;
  scheduler.load(request);
  CHECK(scheduler.model("iris-1") == "available 2/2");
  CHECK(scheduler.version("iris-1").number == 7);
}

TEST_CASE("models called fail-... are progressing, and then they have failed for a reason") {
  SchedulerFixture scheduler(taking(2));
  scheduler.load(SchedulerFixture::iris("fail-1"));
  CHECK(scheduler.model("fail-1") == "progressing 0/1");
  scheduler.pass(seconds(2));
  CHECK(scheduler.model("fail-1") == "failed 0/1");
  CHECK(scheduler.version("fail-1").reason ==
        "rclone copy failed: there is nothing at gs://seldon-models/testing/iris1 (models called "
        "fail-... can't be loaded)");
  CHECK(!scheduler.served("fail-1"));
  scheduler.unload("fail-1");
  CHECK(scheduler.model("fail-1") == "terminated 0/1");
}

TEST_CASE("so many models load at a time, and the others wait for their turn") {
  SchedulerOptions options = taking(2);
  options.loads_at_once = 40;
  SchedulerFixture scheduler(options);
  for (int i = 0; i < 1125; ++i)
    scheduler.load(SchedulerFixture::iris(fmt::format("iris{}", i)));
  const auto available = [&] {
    int count = 0;
    for (const auto& [name, model] : scheduler.state.models().all())
      count += model.available() ? 1 : 0;
    return count;
  };
  scheduler.pass(seconds(2));
  CHECK(available() == 40);
  scheduler.pass(seconds(54));
  CHECK(available() == 1120);
  scheduler.pass(seconds(2));
  CHECK(available() == 1125);
}

TEST_CASE("what is unloaded while it waits for its turn takes no one else's") {
  SchedulerOptions options = taking(2);
  options.loads_at_once = 1;
  SchedulerFixture scheduler(options);
  for (const char* name : {"iris-1", "iris-2", "iris-3"})
    scheduler.load(SchedulerFixture::iris(name));
  scheduler.unload("iris-2");
  scheduler.pass(seconds(4));
  CHECK(scheduler.model("iris-3") == "available 1/1");
}

TEST_CASE("a model that finds no memory is scheduled when another one has gone") {
  SchedulerOptions options = taking(1, 1);
  options.servers_memory = 1000;
  SchedulerFixture scheduler(options);
  for (const char* name : {"iris-1", "iris-2", "iris-3"}) {
    ModelRequest request = SchedulerFixture::iris(name);
    request.memory = 400;
    scheduler.load(request);
  }
  CHECK(scheduler.model("iris-3") == "unscheduled 0/0");
  CHECK(scheduler.version("iris-3").reason ==
        "the servers have 200 of 1000 bytes of memory left, and the model takes 400 for each of 1 "
        "replicas");
  scheduler.pass(seconds(1));
  scheduler.unload("iris-1");
  CHECK(scheduler.model("iris-3") == "unscheduled 0/0");
  scheduler.pass(seconds(1));
  CHECK(scheduler.model("iris-3") == "progressing 0/1");
  scheduler.pass(seconds(1));
  CHECK(scheduler.model("iris-3") == "available 1/1");
  CHECK(scheduler.served("iris-3"));
}

TEST_CASE("a model that fails gives its memory back") {
  SchedulerOptions options = taking(1);
  options.servers_memory = 100;
  SchedulerFixture scheduler(options);
  ModelRequest request = SchedulerFixture::iris("fail-1");
  request.memory = 100;
  scheduler.load(request);
  request.name = "iris-1";
  scheduler.load(request);
  CHECK(scheduler.model("iris-1") == "unscheduled 0/0");
  scheduler.pass(seconds(2));
  CHECK(scheduler.model("iris-1") == "available 1/1");
  scheduler.unload("fail-1");
  scheduler.unload("iris-1");
  CHECK(scheduler.state.servers().find("mlserver")->memory_used == 0);
  CHECK(scheduler.state.servers().find("mlserver")->model_replicas == 0);
}

TEST_CASE("more replicas that find no room leave those that are there") {
  SchedulerOptions options;
  options.servers_memory = 250;
  SchedulerFixture scheduler(options);
  ModelRequest request = SchedulerFixture::iris();
  request.memory = 100;
  request.replicas = 2;
  scheduler.load(request);
  request.replicas = 3;
  scheduler.load(request);
  CHECK(scheduler.model("iris-1") == "unscheduled 2/2");
  CHECK(scheduler.served("iris-1"));
  scheduler.unload("iris-1");
  CHECK(scheduler.model("iris-1") == "terminated 0/2");
  CHECK(scheduler.state.servers().find("mlserver")->memory_used == 0);
}

TEST_CASE("models go to a server that can do what they need, or to none") {
  SchedulerFixture scheduler;
  ModelRequest request = SchedulerFixture::iris("a");
  const auto placed = [&](std::vector<std::string> requirements, std::string server) {
    request.name += "a";
    request.requirements = std::move(requirements);
    request.server = std::move(server);
    scheduler.load(request);
    const ModelVersion& version = scheduler.version(request.name);
    return version.server.empty() ? version.reason : version.server;
  };
  CHECK(placed({"tensorflow", "python"}, "") == "triton");
  CHECK(placed({}, "triton") == "triton");
  CHECK(placed({"abacus"}, "") == "no server can do abacus");
  CHECK(placed({"sklearn"}, "triton") == "triton can't do sklearn");
  CHECK(placed({}, "mine") == "there is no server mine; there are mlserver and triton");
  request.replicas = 6;
  CHECK(placed({}, "") == "mlserver has 5 replicas, and the model is to have 6");
  request.min_replicas = 2;
  CHECK(placed({}, "") == "mlserver");
  CHECK(scheduler.model(request.name) == "available 5/5");
}

TEST_CASE("names are those that Kubernetes takes") {
  SchedulerFixture scheduler;
  for (const char* name : {"a", "1", "iris-1", "a-b-c"})
    CHECK(scheduler.refusal(SchedulerFixture::iris(name)) == "taken");
  for (const char* name : {"tf_simple", "Iris", "-a", "a-", "a.b", "a b", "ä"}) {
    CAPTURE(name);
    CHECK(scheduler.refusal(SchedulerFixture::iris(name)).find("is no name for a model") !=
          std::string::npos);
  }
  CHECK(scheduler.refusal(SchedulerFixture::iris("")) == "the model has no name");
  CHECK_THROWS_WITH_AS(scheduler.unload("none"), "there is no model \"none\" to unload",
                       SchedulerRefusal);
}

TEST_CASE("of models that have gone, the last thousand are remembered") {
  SchedulerFixture scheduler;
  for (int i = 0; i < 1002; ++i) {
    const std::string name = fmt::format("iris{}", i);
    scheduler.load(SchedulerFixture::iris(name));
    scheduler.unload(name);
  }
  CHECK(scheduler.state.models().all().size() == 1000);
  CHECK_THROWS_AS(scheduler.model("iris1"), SchedulerRefusal);
  CHECK(scheduler.model("iris2") == "terminated 0/1");
}

}  // namespace
}  // namespace perigee
