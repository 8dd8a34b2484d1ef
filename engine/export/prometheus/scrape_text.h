// Families of metrics as text: Prometheus' own format 0.0.4, and OpenMetrics 1.0.
#pragma once

#include <string>
#include <vector>

#include "engine/export/prometheus/metric_family.h"

namespace perigee::exports {

std::string text_page(const std::vector<MetricFamily>& families);
std::string open_metrics_page(const std::vector<MetricFamily>& families);

}  // namespace perigee::exports
