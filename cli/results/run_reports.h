// The reports that a run writes when it has ended (run --report FILE).
#pragma once

#include <string>
#include <vector>

#include "cli/results/result_file.h"
#include "cli/run_flags.h"
#include "engine/metrics/aggregator.h"
#include "engine/metrics/snapshot_recorder.h"
#include "engine/output/summary.h"
#include "engine/reports/format.h"
#include "engine/reports/time_series.h"

namespace perigee {

class RunReports {
 public:
  // Tries all files, so that a bad path is known before the load. Throws ConfigError that names
  // what sets the path.
  RunReports(const std::vector<ReportFile>& files, const MetricRegistry& registry,
             results::Header header);

  bool empty() const { return files_.empty(); }
  // What hears of the run. It keeps a bounded number of steps.
  reports::TimeSeries& series() { return series_; }

  // Writes them all. Returns what failed, a sentence each.
  std::vector<std::string> write(const Aggregator& aggregator, const Summary& summary,
                                 results::End end);

 private:
  struct File {
    ReportFile report;
    reports::Format format;
  };

  std::vector<File> files_;
  reports::TimeSeries series_;
  results::Header header_;
};

}  // namespace perigee
