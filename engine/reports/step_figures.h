// The figures of a step that charts and tables show.
#pragma once

#include <vector>

#include "engine/reports/report.h"

namespace perigee::reports {

// The counters whose rates are shown over time, of those that the run has: requests, calls, streams
// and iterations.
std::vector<const Metric*> rate_metrics(const Report& report);

// The trends that are shown over time: no details, and not more than a page can hold.
std::vector<const TrendTotal*> shown_trends(const Report& report);

// How much of a counter there was per second.
double per_second(const TimeStep& step, MetricId counter);

// Failed requests, calls and iterations per second.
double failures_per_second(const Report& report, const TimeStep& step);

}  // namespace perigee::reports
