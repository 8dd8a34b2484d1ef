// Families of metrics as delimited messages io.prometheus.client.MetricFamily.
#pragma once

#include <string>
#include <vector>

#include "engine/export/prometheus/metric_family.h"

namespace perigee::exports {

// Histograms have both forms: classic buckets and native ones.
std::string protobuf_page(const std::vector<MetricFamily>& families);

}  // namespace perigee::exports
