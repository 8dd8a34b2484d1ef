// Reads the result file of a run: its header, its intervals, and its end if it has one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/metrics/registry.h"
#include "engine/metrics/snapshot.h"
#include "engine/results/frame_reader.h"
#include "engine/results/records.h"

namespace perigee::results {

// Everything is checked before it is handed out. Throws ConfigError that names the file.
class ResultReader {
 public:
  // Reads the header. Metrics of the file are added to the registry, which must outlive the reader.
  ResultReader(const std::string& path, MetricRegistry& registry);

  const std::string& path() const { return path_; }
  const Header& header() const { return header_; }

  // The next interval; nothing at the end. The first one names all metrics that were declared.
  std::optional<Interval> next();
  // Of an interval of this file, its series.
  std::vector<SeriesDelta> take_series(Interval& interval) const;
  // Once all intervals are read; nothing if the run was killed.
  const std::optional<End>& end() const { return end_; }

 private:
  void read_first();
  void learn(const Interval& interval);
  MetricId add(const Metric& metric);
  void check(const Interval& interval) const;

  std::string path_;
  MetricRegistry& registry_;
  FrameReader frames_;
  Header header_;
  std::vector<std::optional<MetricId>> metrics_;
  std::vector<std::shared_ptr<const TagSet>> tag_sets_;
  uint64_t last_ = 0;
  std::optional<End> end_;
};

}  // namespace perigee::results
