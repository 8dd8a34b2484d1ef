#include "engine/export/influx/influx.h"

#include <doctest/doctest.h>

#include "tests/engine/export/kept_pushes.h"
#include "tests/engine/export/run_book.h"
#include "tests/support/loop_fixture.h"

namespace perigee::exports {
namespace {

struct Fixture : LoopFixture, RunBook {
  Fixture() : reqs(metric("http_reqs", MetricKind::kCounter)) {
    writer.emplace(loop, std::make_unique<KeptPushes>(loop, pushes, result),
                   InfluxSettings{.receiver = {},
                                  .database = "my \"db\"",
                                  .interval = std::chrono::seconds(1),
                                  .precision = std::chrono::seconds(1),
                                  .tags_as_fields = {}},
                   "influx", log);
    writer->begin({.instant = Instant{}, .wall = WallTime(std::chrono::seconds(1000))});
  }

  void second(int number, double requests) {
    SeriesDelta delta{reqs, std::make_shared<const TagSet>(), Sink(MetricKind::kCounter)};
    delta.sink.add(requests, Instant{});
    last.series = {delta, delta};
    last.moment.at = Instant(std::chrono::seconds(number));
    writer->update(book, last);
  }
  void finish() {
    writer->finish(book, [this] { loop.stop(); });
    LoopFixture::run();
  }

  MetricId reqs;
  std::vector<Push> pushes;
  PushResult result;
  std::string logged;
  Log log{LogLevel::kInfo, [this](std::string_view line) { logged += line; }};
  std::optional<Influx> writer;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the database is made, and then each second's own values are written") {
  second(1, 2);
  second(2, 5);
  finish();
  REQUIRE(pushes.size() == 3);
  CHECK(pushes[0].target == "/query");
  CHECK(pushes[0].body == "q=CREATE+DATABASE+%22%6D%79%20%5C%22%64%62%5C%22%22");
  CHECK(pushes[1].body == "http_reqs value=4 1001\n");
  CHECK(pushes[2].body == "http_reqs value=10 1002\n");
}

TEST_CASE_FIXTURE(Fixture, "a database that can't be made is only said, and points are counted") {
  result = {.kind = PushResult::Kind::kRefused, .reason = "403 Forbidden"};
  second(1, 2);
  finish();
  CHECK(logged.find("influx: 403 Forbidden") != std::string::npos);
  REQUIRE(writer->losses().size() == 1);
  CHECK(writer->losses()[0].starts_with("influx: 1 samples are missing there (403 Forbidden)"));
}

}  // namespace perigee::exports
