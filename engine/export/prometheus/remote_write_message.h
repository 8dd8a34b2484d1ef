// The messages of Prometheus' remote write: prometheus.WriteRequest of version 1.0, and
// io.prometheus.write.v2.Request of 2.0.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/export/prometheus/remote_write_series.h"

namespace perigee::exports {

enum class WriteVersion { kV1, kV2 };

// What is written for a series that has ended, instead of a value.
double stale_marker();

// One point of each series at a time in milliseconds since 1970, before compression. With `stale`
// all are stale markers.
std::string write_request(WriteVersion version, std::span<const WrittenSeries> series,
                          int64_t time_ms, bool stale = false);

}  // namespace perigee::exports
