// The series that a remote write has, with k6's names, so that its dashboards find them.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/export/label_set.h"
#include "engine/export/native_histogram.h"
#include "engine/export/prometheus/remote_write_settings.h"
#include "engine/export/sample_book.h"

namespace perigee::exports {

// Values of the metric types of both versions of the protocol.
enum class WrittenType : uint8_t { kCounter = 1, kGauge = 2, kHistogram = 3 };

struct WrittenSeries {
  LabelSet labels;  // `__name__` among them, sorted
  WrittenType type = WrittenType::kGauge;
  double value = 0;
  std::optional<NativeHistogram> histogram{};  // instead of the value
};

// "k6_http_reqs_total", "k6_checks_rate", "k6_vus", and of trends "k6_http_req_duration_p99" for
// each of the statistics, or one native histogram "k6_http_req_duration_seconds". Times of trends
// are seconds.
std::vector<WrittenSeries> written_series(const SampleBook& book, std::span<const TrendStat> stats,
                                          bool native_histograms);

}  // namespace perigee::exports
