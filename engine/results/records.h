// What the frames of a result file hold, as values; results.proto is the same in the file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/metric.h"
#include "engine/metrics/sink.h"
#include "engine/metrics/tags.h"

namespace perigee::results {

struct ThresholdRecord {
  std::string selector;
  std::string expression;  // empty for a part of a metric that is only shown

  bool operator==(const ThresholdRecord&) const = default;
};

struct Header {
  uint32_t version = 1;
  std::string run_id;
  std::string program;
  WallTime started{};
  std::string script;
  std::string script_sha256;
  std::string options_json;
  std::string host;
  uint32_t cpus = 0;
  uint32_t workers = 0;
  std::string segment;
  TagSet tags;
  std::vector<std::string> scenarios;
  std::vector<ThresholdRecord> thresholds;
  // Of a file that was merged: what names the parts that are in it.
  std::vector<std::string> parts;
};

struct TagSetRecord {
  uint32_t id = 0;
  TagSet tags;
};

struct SeriesRecord {
  uint32_t metric = 0;
  uint32_t tag_set = 0;
  Sink sink;
};

// Durations are since the run's beginning; the readings of gauges, too, as Instants.
struct Interval {
  uint64_t number = 0;
  Duration from{};
  Duration to{};
  Duration load{};
  int64_t vus = 0;
  int64_t vus_max = 0;
  std::vector<Metric> metrics{};
  std::vector<TagSetRecord> tag_sets{};
  std::vector<SeriesRecord> series{};
  bool after_load = false;
};

struct End {
  std::string reason;
  Duration ended{};
  double load_seconds = 0;
  std::vector<std::string> warnings{};
  bool marked_failed = false;
  std::string error{};
};

}  // namespace perigee::results
