#include "engine/results/result_reader.h"

#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "engine/results/frame_writer.h"
#include "engine/results/record_writer.h"
#include "tests/engine/output/scratch_folder.h"
#include "tests/engine/results/recorded_run.h"

namespace perigee::results {
namespace {

void put(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Reads to the end; the number of intervals.
size_t read_all(const std::string& path) {
  MetricRegistry registry;
  ResultReader reader(path, registry);
  size_t count = 0;
  while (auto interval = reader.next()) {
    reader.take_series(*interval);
    ++count;
  }
  return count;
}

void record(const std::string& path) {
  Header header;
  header.run_id = "run";
  RecordedRun run(path, std::move(header));
  for (int second = 1; second <= 3; ++second) {
    run.sample("a", second, seconds(second) - milliseconds(10));
    run.sample("b", -second, seconds(second) - milliseconds(5));
    run.tick(seconds(second));
  }
  run.end();
}

std::string message_of(const auto& entry) {
  std::string message;
  write_record(entry, message);
  return message;
}

}  // namespace

TEST_CASE("what was recorded is read back") {
  const ScratchFolder folder;
  Header header;
  header.run_id = "a run";
  header.program = "perigee 1";
  header.started = WallTime(std::chrono::hours(24));
  header.script = "s.lua";
  header.script_sha256 = "12ab";
  header.options_json = "{}";
  header.host = "h";
  header.cpus = 2;
  header.workers = 3;
  header.segment = "0:1/2";
  header.tags = TagSet{{"team", "a"}};
  header.scenarios = {"one", "two"};
  header.thresholds = {{"duration{name:a}", "p(95)<2"}, {"requests", ""}};
  {
    RecordedRun run(folder / "file", header);
    run.sample("a", -2.5, milliseconds(20));
    run.sample("a", 0, milliseconds(30));
    run.tick(seconds(1), 7);
    run.end({.reason = "signal", .warnings = {"slow"}, .marked_failed = true, .error = "why"});
  }
  MetricRegistry registry;
  ResultReader reader(folder / "file", registry);
  const Header& read = reader.header();
  CHECK(read.run_id == "a run");
  CHECK(read.program == "perigee 1");
  CHECK(read.started == header.started);
  CHECK(read.script_sha256 == "12ab");
  CHECK(read.workers == 3);
  CHECK(read.segment == "0:1/2");
  CHECK(read.tags == header.tags);
  CHECK(read.scenarios == header.scenarios);
  CHECK(read.thresholds == header.thresholds);
  auto interval = reader.next();
  REQUIRE(interval);
  CHECK(interval->to == seconds(1));
  CHECK(interval->vus == 7);
  CHECK(registry.find("duration")->contains == ValueKind::kTime);
  const auto series = reader.take_series(*interval);
  REQUIRE(series.size() == 4);
  CHECK(*series[0].tags == TagSet{{"name", "a"}});
  CHECK(series[0].sink.counter().sum == -2.5);
  CHECK(series[1].sink.trend().count() == 2);
  CHECK(series[1].sink.trend().min() == -2.5);
  CHECK(series[2].sink.rate().nonzero == 1);
  CHECK(series[3].sink.gauge().at == Instant(milliseconds(30)));
  CHECK(reader.next()->after_load);
  CHECK(!reader.next());
  REQUIRE(reader.end());
  CHECK(reader.end()->reason == "signal");
  CHECK(reader.end()->warnings == std::vector<std::string>{"slow"});
  CHECK(reader.end()->marked_failed);
  CHECK(reader.end()->error == "why");
}

TEST_CASE("an interval with thousands of series is read whole") {
  const ScratchFolder folder;
  {
    RecordedRun run(folder / "file", Header());
    for (int i = 0; i < 5000; ++i)
      run.sample("endpoint " + std::to_string(i), i, milliseconds(i));
    run.tick(seconds(6));
    run.end();
  }
  MetricRegistry registry;
  ResultReader reader(folder / "file", registry);
  auto interval = reader.next();
  REQUIRE(interval);
  CHECK(reader.take_series(*interval).size() == 20'000);
  CHECK(reader.next());
  CHECK(!reader.next());
  CHECK(reader.end());
}

TEST_CASE("a file that is cut off anywhere reads up to its last whole frame") {
  const ScratchFolder folder;
  record(folder / "whole");
  const std::string whole = read_text(folder / "whole");
  size_t most = 0;
  for (size_t length = 0; length <= whole.size(); ++length) {
    CAPTURE(length);
    put(folder / "cut", whole.substr(0, length));
    try {
      const size_t read = read_all(folder / "cut");
      CHECK(read >= most);
      most = read;
    } catch (const ConfigError&) {
      CHECK(most == 0);
    }
  }
  CHECK(most == 4);
}

TEST_CASE("a damaged byte is an error or harmless, and never anything else") {
  const ScratchFolder folder;
  record(folder / "whole");
  const std::string whole = read_text(folder / "whole");
  for (size_t at = 0; at < whole.size(); ++at) {
    CAPTURE(at);
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    put(folder / "damaged", damaged);
    try {
      const size_t read = read_all(folder / "damaged");
      CHECK(read <= 4);
    } catch (const ConfigError& error) {
      CHECK(std::string(error.what()).find("damaged") != std::string::npos);
    }
  }
}

TEST_CASE("messages of any bytes are an error or harmless") {
  const ScratchFolder folder;
  const std::string path = folder / "file";
  for (unsigned seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    std::string message = message_of(
        Interval{.number = 1,
                 .metrics = {{.id = 0, .name = "trend", .kind = MetricKind::kTrend}},
                 .tag_sets = {{.id = 0, .tags = {{"a", "b"}}}},
                 .series = {{.metric = 0, .tag_set = 0, .sink = Sink(MetricKind::kTrend)}}});
    message[(seed * 7) % message.size()] = static_cast<char>(seed * 31);
    {
      FrameWriter file(path);
      file.write(FrameType::kHeader, message_of(Header()));
      file.finish(FrameType::kInterval, message);
    }
    try {
      read_all(path);
    } catch (const ConfigError& error) {
      CHECK(std::string(error.what()).find(path) != std::string::npos);
    }
  }
}

TEST_CASE("an interval that comes twice counts once, and unknown frames are passed over") {
  const ScratchFolder folder;
  {
    FrameWriter file(folder / "file");
    file.write(FrameType::kHeader, message_of(Header()));
    file.write(FrameType::kInterval, message_of(Interval{.number = 1}));
    file.write(static_cast<FrameType>(77), "something new");
    file.write(FrameType::kInterval, message_of(Interval{.number = 1}));
    file.write(FrameType::kInterval, message_of(Interval{.number = 2}));
    file.finish(FrameType::kEnd, message_of(End{.reason = "complete"}));
  }
  CHECK(read_all(folder / "file") == 2);
}

TEST_CASE("what is no result file, or of a newer version, is refused with a reason") {
  const ScratchFolder folder;
  put(folder / "text", "just some text of another program");
  CHECK_THROWS_WITH_AS(
      read_all(folder / "text"),
      ((folder / "text") + " is no result file (perigee run --out results=FILE)").c_str(),
      ConfigError);
  CHECK_THROWS_WITH_AS(
      read_all(folder / "nothing"),
      ("can't open " + (folder / "nothing") + ": No such file or directory").c_str(), ConfigError);
  {
    Header newer;
    newer.version = 9;
    newer.program = "perigee 9.0";
    FrameWriter file(folder / "newer");
    file.write(FrameType::kHeader, message_of(newer));
  }
  CHECK_THROWS_WITH_AS(
      read_all(folder / "newer"),
      ((folder / "newer") + ": its version is 9, known is 1: read it with perigee 9.0 or newer")
          .c_str(),
      ConfigError);
}

TEST_CASE("a metric that another file has as another kind is refused") {
  const ScratchFolder folder;
  record(folder / "file");
  MetricRegistry registry;
  registry.add("duration", MetricKind::kCounter);
  ResultReader reader(folder / "file", registry);
  CHECK_THROWS_WITH_AS(reader.next(),
                       ((folder / "file") +
                        ": metric \"duration\" exists already as a counter, it can't be a trend of "
                        "time too")
                           .c_str(),
                       ConfigError);
}

}  // namespace perigee::results
