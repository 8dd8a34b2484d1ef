#include "engine/results/playback.h"

#include <random>
#include <string>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "engine/metrics/aggregator.h"
#include "tests/engine/output/scratch_folder.h"
#include "tests/engine/results/recorded_run.h"

namespace perigee::results {
namespace {

// What an aggregator makes of files.
class Played final : private SnapshotRecorder {
 public:
  explicit Played(const std::vector<std::string>& paths)
      : playback(paths, registry), aggregator(registry, ThresholdSet()) {
    playback.play(*this);
  }

  const Sink& total(const std::string& metric) const {
    return *aggregator.total(registry.find(metric)->id);
  }

  MetricRegistry registry;
  Playback playback;
  Aggregator aggregator;
  std::vector<RunMoment> moments;

 private:
  void begin(TimeOrigin /*origin*/) override {}
  void add(const Snapshot& snapshot) override { aggregator.add(Snapshot(snapshot)); }
  void tick(const RunMoment& moment) override {
    aggregator.tick(moment.at);
    moments.push_back(moment);
  }
};

Header header_of(const std::string& run_id, Duration started, const std::string& segment = "") {
  Header header;
  header.run_id = run_id;
  header.segment = segment;
  header.started = WallTime(started);
  return header;
}

void check_same(const Played& a, const Played& b) {
  CHECK(a.total("requests").counter().sum == doctest::Approx(b.total("requests").counter().sum));
  CHECK(a.total("requests").counter().samples == b.total("requests").counter().samples);
  CHECK(a.total("failed").rate().nonzero == b.total("failed").rate().nonzero);
  CHECK(a.total("failed").rate().total == b.total("failed").rate().total);
  CHECK(a.total("level").gauge().value == b.total("level").gauge().value);
  CHECK(a.total("level").gauge().min == b.total("level").gauge().min);
  CHECK(a.total("level").gauge().max == b.total("level").gauge().max);
  CHECK(a.total("duration").trend().parts().buckets == b.total("duration").trend().parts().buckets);
  CHECK(a.total("duration").trend().percentile(99) == b.total("duration").trend().percentile(99));
}

// Samples that are dealt out to the parts of a run at random, and all of them in one file.
void deal_out(std::mt19937& random, const ScratchFolder& folder, size_t parts,
              std::vector<std::string>& paths) {
  RecordedRun whole(folder / "whole", header_of("whole", seconds(100)));
  std::vector<std::unique_ptr<RecordedRun>> files;
  for (size_t i = 0; i < parts; ++i) {
    paths.push_back(folder / ("part" + std::to_string(i)));
    files.push_back(std::make_unique<RecordedRun>(
        paths.back(), header_of("run", seconds(100), std::to_string(i))));
  }
  for (int second = 1; second <= 5; ++second) {
    for (int sample = 0; sample < 50; ++sample) {
      const std::string name(1, static_cast<char>('a' + random() % 3));
      const double value = static_cast<double>(random() % 1000) - 200;
      const Duration at = seconds(second - 1) + milliseconds(sample);
      whole.sample(name, value, at);
      files[random() % parts]->sample(name, value, at);
    }
    whole.tick(seconds(second), static_cast<int64_t>(parts));
    for (auto& file : files)
      file->tick(seconds(second));
  }
  whole.end();
  for (auto& file : files)
    file->end();
}

}  // namespace

TEST_CASE("however the samples of a run are dealt out to files, these merge into the run") {
  std::mt19937 random(7);
  for (size_t parts = 1; parts <= 5; ++parts) {
    CAPTURE(parts);
    const ScratchFolder folder;
    std::vector<std::string> paths;
    deal_out(random, folder, parts, paths);
    const Played whole({folder / "whole"});
    const Played merged(paths);
    check_same(whole, merged);
    CHECK(merged.playback.end().load_seconds == 5);
    CHECK(merged.moments.front().vus_active == static_cast<int64_t>(parts));
  }
}

TEST_CASE("parts of one run that began at different times overlap as they did") {
  const ScratchFolder folder;
  RecordedRun first(folder / "first", header_of("run", seconds(10)));
  RecordedRun second(folder / "second", header_of("run", seconds(12)));
  for (int i = 1; i <= 4; ++i) {
    first.sample("a", i, seconds(i) - milliseconds(1));
    first.tick(seconds(i), 3);
    second.sample("a", 10 * i, seconds(i) - milliseconds(1));
    second.tick(seconds(i), 4);
  }
  first.end();
  second.end();
  const Played merged({folder / "second", folder / "first"});
  CHECK(merged.playback.arrangement() == Arrangement::kSideBySide);
  CHECK(merged.playback.end().load_seconds == 6);
  CHECK(merged.total("level").gauge().value == 40);
  std::vector<int64_t> vus;
  for (const RunMoment& moment : merged.moments)
    vus.push_back(moment.vus_active);
  CHECK(vus == std::vector<int64_t>{3, 3, 7, 7, 4, 4, 0});
}

TEST_CASE("repetitions lie one after the other: their load adds up, their VUs don't") {
  const ScratchFolder folder;
  for (const int i : {0, 1, 2}) {
    RecordedRun run(folder / std::to_string(i), header_of(std::to_string(i), seconds(100 - i)));
    run.sample("a", i, milliseconds(1));
    run.tick(seconds(2), 5 + i);
    run.end();
  }
  const Played merged({folder / "0", folder / "1", folder / "2"});
  CHECK(merged.playback.arrangement() == Arrangement::kOneAfterAnother);
  CHECK(merged.playback.end().load_seconds == 6);
  CHECK(merged.playback.end().ended == seconds(6) + milliseconds(3));
  CHECK(merged.total("level").gauge().value == 0);
  CHECK(merged.moments.front().vus_active == 7);
}

TEST_CASE("parts of one run and runs of their own are not merged in one go") {
  const ScratchFolder folder;
  for (const std::string name : {"a", "b", "c"}) {
    RecordedRun run(folder / name, header_of(name == "c" ? "other" : "run", seconds(1), name));
    run.tick(seconds(1));
    run.end();
  }
  CHECK_THROWS_WITH_AS(Played({folder / "a", folder / "b", folder / "c"}),
                       "some of the files are parts of one run, others are runs of their own: "
                       "merge the parts of each run first, and then the runs",
                       ConfigError);
}

TEST_CASE("a part that is given twice counts once") {
  const ScratchFolder folder;
  for (const std::string name : {"a", "again"}) {
    RecordedRun run(folder / name, header_of("run", seconds(1)));
    run.sample("x", 1, milliseconds(1));
    run.tick(seconds(1));
    run.end();
  }
  const Played merged({folder / "a", folder / "again"});
  CHECK(merged.total("requests").counter().sum == 1);
  REQUIRE(merged.playback.warnings().size() == 1);
  CHECK(merged.playback.warnings()[0].find("counts once") != std::string::npos);
}

TEST_CASE("a file that was merged and one that is in it count once, and overlaps are refused") {
  const ScratchFolder folder;
  for (const std::string name : {"a", "b", "c"}) {
    RecordedRun run(folder / name, header_of(name, seconds(name[0])));
    run.sample("x", 1, milliseconds(1));
    run.tick(seconds(1));
    run.end();
  }
  const auto merge = [&](const std::string& to, const std::vector<std::string>& from) {
    MetricRegistry registry;
    Playback playback(from, registry);
    ResultsRecorder merged(to, registry);
    Header header = playback.header();
    header.parts = playback.parts();
    merged.set_header(std::move(header));
    playback.play(merged);
    merged.end(playback.end());
  };
  merge(folder / "ab", {folder / "a", folder / "b"});
  merge(folder / "bc", {folder / "b", folder / "c"});
  for (const std::vector<std::string>& files :
       {std::vector<std::string>{"a", "ab"}, {"ab", "a"}, {"ab", "b"}, {"b", "ab", "a"}}) {
    std::vector<std::string> paths;
    for (const std::string& file : files)
      paths.push_back(folder / file);
    const Played merged(paths);
    CHECK(merged.total("requests").counter().sum == 2);
    CHECK(merged.playback.warnings().size() == files.size() - 1);
  }
  CHECK(Played({folder / "ab", folder / "c"}).total("requests").counter().sum == 3);
  CHECK_THROWS_AS(Played({folder / "ab", folder / "bc"}), ConfigError);
}

TEST_CASE("parts of one run that are far apart tell no seconds of the time between them") {
  const ScratchFolder folder;
  for (const int i : {0, 1}) {
    RecordedRun run(folder / std::to_string(i),
                    header_of("run", std::chrono::hours(i * 24 * 365), std::to_string(i)));
    run.sample("x", 1, milliseconds(1));
    run.tick(seconds(1));
    run.end();
  }
  const Played merged({folder / "0", folder / "1"});
  CHECK(merged.moments.size() < 10);
  CHECK(merged.playback.end().load_seconds == 2);
}

TEST_CASE("a file without an end counts up to its last second, and that is said") {
  const ScratchFolder folder;
  RecordedRun run(folder / "cut", header_of("run", seconds(1)));
  run.sample("x", 1, milliseconds(1));
  run.tick(seconds(1));
  run.sample("x", 1, milliseconds(1001));
  const Played played({folder / "cut"});
  CHECK(played.total("requests").counter().sum == 1);
  CHECK(played.playback.end().reason == "killed");
  CHECK(played.playback.end().load_seconds == 1);
  REQUIRE(played.playback.warnings().size() == 1);
}

TEST_CASE("files with other thresholds than the first are named") {
  const ScratchFolder folder;
  for (const std::string name : {"a", "b"}) {
    Header header = header_of(name, seconds(name == "a" ? 1 : 2));
    header.thresholds = {{"duration", name == "a" ? "p(95)<1" : "p(95)<2"}};
    RecordedRun run(folder / name, std::move(header));
    run.tick(seconds(1));
    run.end();
  }
  const Played merged({folder / "b", folder / "a"});
  REQUIRE(merged.playback.warnings().size() == 1);
  CHECK(merged.playback.warnings()[0].find("/b has other thresholds than") != std::string::npos);
  CHECK(merged.playback.header().thresholds[0].expression == "p(95)<1");
}

}  // namespace perigee::results
