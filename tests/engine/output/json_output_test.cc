#include "engine/output/json_output.h"

#include <memory>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const TagSet> shared(TagSet tags) {
  return std::make_shared<const TagSet>(std::move(tags));
}

struct Fixture {
  std::unique_ptr<JsonOutput> open(const std::string& file) const {
    return std::make_unique<JsonOutput>(file,
                                        OutputContext{registry, thresholds, system_tags, origin});
  }

  ScratchFolder folder;
  MetricRegistry registry;
  ThresholdSet thresholds;
  SystemTags system_tags;
  MetricId reqs = registry.add("http_reqs", MetricKind::kCounter);
  MetricId depth = registry.add("depth", MetricKind::kGauge);
  TimeOrigin origin{Instant(5s), WallTime(1'700'000'000s)};
};

TEST_CASE_FIXTURE(Fixture, "a metric is described once, before its first sample") {
  const auto output = open(folder / "lines.json");
  output->write({0,
                 {{1, shared({{"method", "GET"}, {"build", "7"}})}},
                 {{reqs, 1, 1, Instant(5s)}, {reqs, 1, 2.5, Instant(5s + 250us)}}});
  output->write({4, {{1, shared({})}}, {{reqs, 1, 1, Instant(6s)}}});
  output->finish();
  CHECK(read_text(folder / "lines.json") ==
        R"({"type":"Metric","data":{"name":"http_reqs","type":"counter","contains":"default",)"
        R"("thresholds":[],"submetrics":null},"metric":"http_reqs"}
{"metric":"http_reqs","type":"Point","data":{"time":"2023-11-14T22:13:20Z","value":1,"tags":{"build":"7","method":"GET"}}}
{"metric":"http_reqs","type":"Point","data":{"time":"2023-11-14T22:13:20.00025Z","value":2.5,"tags":{"build":"7","method":"GET"}}}
{"metric":"http_reqs","type":"Point","data":{"time":"2023-11-14T22:13:21Z","value":1,"tags":{}}}
)");
}

TEST_CASE_FIXTURE(Fixture, "whose sample it was is metadata, if the run wants to know") {
  system_tags = SystemTags({"vu", "iter"});
  const auto output = open(folder / "lines.json");
  output->write(
      {0,
       {{0, shared({})}},
       {{depth, 0, 1, Instant(5s)}, {depth, 0, 2, Instant(5s)}, {depth, 0, 3, Instant(5s)}},
       {{.vu = 7, .iteration = 3, .known = true}, {.known = true}, {}}});
  output->finish();
  const std::string text = read_text(folder / "lines.json");
  CHECK(
      text.substr(text.find('\n') + 1) ==
      R"({"metric":"depth","type":"Point","data":{"time":"2023-11-14T22:13:20Z","value":1,"tags":{},"metadata":{"iter":"3","vu":"7"}}}
{"metric":"depth","type":"Point","data":{"time":"2023-11-14T22:13:20Z","value":2,"tags":{},"metadata":{"iter":"0"}}}
{"metric":"depth","type":"Point","data":{"time":"2023-11-14T22:13:20Z","value":3,"tags":{}}}
)");
}

TEST_CASE_FIXTURE(Fixture, "what a script says of its samples stands beside vu and iter, sorted") {
  system_tags = SystemTags({"vu", "iter"});
  const auto output = open(folder / "lines.json");
  const auto metadata =
      std::make_shared<const Metadata>(Metadata{{"trace", "4b\"f9"}, {"iter", "x"}});
  output->write({0,
                 {{0, shared({})}},
                 {{depth, 0, 1, Instant(5s)}},
                 {{.vu = 7, .iteration = 3, .known = true, .metadata = metadata}}});
  output->finish();
  const std::string text = read_text(folder / "lines.json");
  CHECK(
      text.substr(text.find('\n') + 1) ==
      R"({"metric":"depth","type":"Point","data":{"time":"2023-11-14T22:13:20Z","value":1,"tags":{},"metadata":{"iter":"x","trace":"4b\"f9","vu":"7"}}}
)");
}

TEST_CASE_FIXTURE(Fixture, "a file that can't be opened is an error before the start") {
  CHECK_THROWS_AS(open("/dev/null/lines.json"), ConfigError);
}

TEST_CASE_FIXTURE(Fixture, "a full disk is an error of the lines, not a crash") {
  const auto output = open("/dev/full");
  CHECK(output->name() == "json (/dev/full)");
  CHECK_THROWS_WITH_AS(output->write({0, {{0, shared({})}}, {{reqs, 0, 1, Instant(5s)}}}),
                       "can't write /dev/full: No space left on device", std::runtime_error);
}

}  // namespace
}  // namespace perigee
