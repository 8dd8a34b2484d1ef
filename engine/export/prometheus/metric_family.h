// What a scrape shows, whatever its format: families of metrics with their series.
#pragma once

#include <string>
#include <vector>

#include "engine/export/export_update.h"
#include "engine/export/label_set.h"
#include "engine/export/sample_book.h"

namespace perigee::exports {

enum class FamilyType { kCounter, kGauge, kHistogram, kInfo };

struct FamilyPoint {
  LabelSet labels{};
  double value = 0;
  const Histogram* histogram = nullptr;  // of the book, in the metric's own unit
};

struct MetricFamily {
  std::string name;  // without "_total" and "_info"
  std::string help;
  std::string unit{};  // the end of the name, too
  FamilyType type = FamilyType::kGauge;
  ValueKind contains = ValueKind::kDefault;
  std::vector<FamilyPoint> points{};
};

// What numbers of this kind are multiplied by: Prometheus counts in seconds and bytes.
double scale_of(ValueKind contains);

// The whole run: its metrics in the order of the registry, thresholds, VUs, and the run itself. A
// rate is a counter with the label `condition`, which is "nonzero" or "zero". Points refer to the
// book.
std::vector<MetricFamily> families_of(const ExportedRun& run, const SampleBook& book,
                                      const ExportUpdate& last);

}  // namespace perigee::exports
