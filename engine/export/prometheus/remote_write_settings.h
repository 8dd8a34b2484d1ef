// How metrics are written to Prometheus: k6's settings of its remote write.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/log.h"
#include "engine/export/export_settings.h"
#include "engine/export/http_push.h"
#include "engine/metrics/aggregate.h"

namespace perigee::exports {

// One of the numbers of a trend, which becomes a gauge.
struct TrendStat {
  Aggregate aggregate{};
  bool sum = false;    // instead of the aggregate
  std::string suffix;  // "p95"

  double value(const Histogram& trend) const;
  // Whether the number is in the unit of the trend, and no count.
  bool has_unit() const { return sum || aggregate.kind != Aggregate::Kind::kCount; }
};

struct RemoteWriteSettings {
  HttpReceiver receiver{};
  Duration interval{};
  std::vector<TrendStat> stats{};
  bool native_histograms = false;
  bool stale_markers = true;
};

// Reads "p(95),max". Throws ConfigError, which `where` begins.
std::vector<TrendStat> parse_trend_stats(std::string_view text, std::string_view where);

// `url` is what the output says; empty: the variable's. Passwords and tokens are kept out of the
// log. Throws ConfigError that names the variable.
RemoteWriteSettings read_remote_write_settings(std::string_view url, const Variables& variables,
                                               const VariablesBeginning& beginning, Log& log);

}  // namespace perigee::exports
