// A run's metrics as OpenTelemetry's ExportMetricsServiceRequest, and what the response says.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/export/opentelemetry/otlp_settings.h"
#include "engine/export/sample_book.h"

namespace perigee::exports {

struct OtlpMessage {
  std::string bytes;
  uint64_t points = 0;
};

// All totals since the beginning (cumulative). Counters are sums; a rate is a sum with the
// attribute `condition`, "nonzero" or "zero"; trends are histograms in the metric's own unit, with
// fixed bounds or with exponential buckets of scale 3.
OtlpMessage otlp_message(const SampleBook& book, const OtlpSettings& settings,
                         std::string_view version, WallTime started, WallTime now);

// What a response says was refused of a request that was accepted.
struct OtlpRefusal {
  uint64_t points = 0;
  std::string reason;
};
OtlpRefusal read_otlp_response(std::string_view response);

}  // namespace perigee::exports
