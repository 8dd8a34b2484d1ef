#include "engine/output/csv_output.h"

#include <memory>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "engine/output/csv_row.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

Instant at_ms(int64_t ms) {
  return Instant(std::chrono::milliseconds(ms));
}

std::shared_ptr<const TagSet> shared(TagSet tags) {
  return std::make_shared<const TagSet>(std::move(tags));
}

struct Fixture {
  std::unique_ptr<CsvOutput> open(const CsvSpec& spec) const {
    return std::make_unique<CsvOutput>(spec,
                                       OutputContext{registry, thresholds, system_tags, origin});
  }

  ScratchFolder folder;
  ThresholdSet thresholds;
  SystemTags system_tags;
  MetricRegistry registry;
  MetricId reqs = registry.add("http_reqs", MetricKind::kCounter);
  MetricId duration = registry.add("http_req_duration", MetricKind::kTrend, ValueKind::kTime);
  TimeOrigin origin{at_ms(5'000), WallTime(1'700'000'000s)};
};

TEST_CASE_FIXTURE(Fixture, "each sample is a row with the time and the tags it was made with") {
  const auto output = open({.file = folder / "rows.csv"});
  output->write({0,
                 {{1, shared({{"method", "GET"}, {"build", "7"}})}},
                 {{reqs, 1, 1, at_ms(5'000)}, {duration, 1, 12.5, at_ms(5'999)}}});
  output->write({0, {{2, shared({{"method", "POST"}})}}, {{reqs, 2, 1, at_ms(6'000)}}});
  output->finish();
  CHECK(read_text(folder / "rows.csv") ==
        CsvColumns(SystemTags()).header() +
            "http_reqs,1700000000,1.000000,,,,,,GET,,,,,,,,,build=7,\n" +
            "http_req_duration,1700000000,12.500000,,,,,,GET,,,,,,,,,build=7,\n" +
            "http_reqs,1700000001,1.000000,,,,,,POST,,,,,,,,,,\n");
}

TEST_CASE_FIXTURE(Fixture, "the numbers of tag sets belong to the worker they come from") {
  const auto output = open({.file = folder / "rows.csv"});
  output->write({0, {{0, shared({{"check", "zero"}})}}, {{reqs, 0, 1, at_ms(5'000)}}});
  output->write({7, {{0, shared({{"check", "seven"}})}}, {{reqs, 0, 1, at_ms(5'000)}}});
  output->write({0, {}, {{reqs, 0, 2, at_ms(5'000)}}});
  output->finish();
  CHECK(read_text(folder / "rows.csv") ==
        CsvColumns(SystemTags()).header() + "http_reqs,1700000000,1.000000,zero,,,,,,,,,,,,,,,\n" +
            "http_reqs,1700000000,1.000000,seven,,,,,,,,,,,,,,,\n" +
            "http_reqs,1700000000,2.000000,zero,,,,,,,,,,,,,,,\n");
}

TEST_CASE_FIXTURE(Fixture, "a run without samples leaves the header") {
  open({.file = folder / "rows.csv"})->finish();
  CHECK(read_text(folder / "rows.csv") == CsvColumns(SystemTags()).header());
}

TEST_CASE_FIXTURE(Fixture, "times may be milliseconds") {
  const auto output = open({folder / "rows.csv", TimeFormat::kUnixMilli});
  output->write({0, {{0, shared({})}}, {{reqs, 0, 1, at_ms(5'250)}}});
  output->finish();
  CHECK(read_text(folder / "rows.csv") ==
        CsvColumns(SystemTags()).header() + "http_reqs,1700000000250,1.000000,,,,,,,,,,,,,,,,\n");
}

TEST_CASE_FIXTURE(Fixture, "whose sample it was is metadata, if the run wants to know") {
  system_tags = SystemTags({"method", "vu", "iter"});
  const auto output = open({.file = folder / "rows.csv"});
  output->write(
      {0,
       {{0, shared({{"method", "GET"}})}},
       {{reqs, 0, 1, at_ms(5'000)}, {reqs, 0, 2, at_ms(5'000)}, {reqs, 0, 3, at_ms(5'000)}},
       {{.vu = 7, .iteration = 3, .known = true}, {.known = true}, {}}});
  output->finish();
  CHECK(read_text(folder / "rows.csv") ==
        "metric_name,timestamp,metric_value,method,extra_tags,metadata\n"
        "http_reqs,1700000000,1.000000,GET,,iter=3&vu=7\n"
        "http_reqs,1700000000,2.000000,GET,,iter=0\n"
        "http_reqs,1700000000,3.000000,GET,,\n");
}

TEST_CASE_FIXTURE(Fixture,
                  "what a script says of its samples is metadata, whatever the run wants") {
  system_tags = SystemTags({"method"});
  const auto output = open({.file = folder / "rows.csv"});
  const auto metadata = std::make_shared<const Metadata>(Metadata{{"trace", "4b,f9"}, {"a", "1"}});
  output->write({0,
                 {{0, shared({{"method", "GET"}})}},
                 {{reqs, 0, 1, at_ms(5'000)}, {reqs, 0, 2, at_ms(5'000)}},
                 {{.vu = 7, .iteration = 3, .known = true, .metadata = metadata}, {}}});
  output->finish();
  CHECK(read_text(folder / "rows.csv") ==
        "metric_name,timestamp,metric_value,method,extra_tags,metadata\n"
        "http_reqs,1700000000,1.000000,GET,,\"a=1&trace=4b,f9\"\n"
        "http_reqs,1700000000,2.000000,GET,,\n");
}

TEST_CASE_FIXTURE(Fixture, "a file that can't be opened is an error before the start") {
  CHECK_THROWS_AS(open({.file = "/dev/null/rows.csv"}), ConfigError);
}

TEST_CASE_FIXTURE(Fixture, "a full disk is an error of the rows, not a crash") {
  const auto output = open({.file = "/dev/full"});
  CHECK(output->name() == "csv (/dev/full)");
  CHECK_THROWS_AS(output->write({0, {{0, shared({})}}, {{reqs, 0, 1, at_ms(5'250)}}}),
                  std::runtime_error);
}

}  // namespace
}  // namespace perigee
