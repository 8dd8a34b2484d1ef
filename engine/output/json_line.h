// The lines of k6's JSON files.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_repairs.h"
#include "engine/metrics/metric.h"
#include "engine/metrics/shard.h"
#include "engine/metrics/tags.h"
#include "engine/metrics/threshold.h"

namespace perigee {

// The line that describes a metric before its first sample, with its line feed.
std::string json_metric_line(const Metric& metric, const ThresholdSet& thresholds,
                             const std::vector<MetricSelector>& submetrics);

// A sample's line up to its time: {"metric":"http_reqs","type":"Point","data":{"time":"
std::string json_point_head(const Metric& metric);

// What follows the value: ,"tags":{...} with sorted keys. `repairs`, which may be null, hears of
// text that is not UTF-8, for which U+FFFD stands: a file that no reader takes is no use.
std::string json_point_tags(const TagSet& tags, JsonRepairs* repairs = nullptr);

// What may follow the tags: ,"metadata":{...} with sorted keys.
std::string json_point_metadata(const Metadata& metadata, JsonRepairs* repairs = nullptr);

}  // namespace perigee
