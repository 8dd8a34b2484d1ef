// What became of the requests and calls that failed: how many had which status.
#pragma once

#include <vector>

#include "engine/metrics/aggregator.h"
#include "engine/output/summary_metric.h"

namespace perigee {

// Those of http_req_failed or grpc_req_failed, the most frequent ones first; of other metrics none.
std::vector<SummaryFailure> failed_requests(const Aggregator& aggregator, const Metric& metric);

}  // namespace perigee
