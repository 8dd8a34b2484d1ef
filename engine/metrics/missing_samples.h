// Says what may be wrong with a selector that no sample of a run matches.
#pragma once

#include <string>

#include "engine/metrics/aggregator.h"
#include "engine/metrics/selector.h"
#include "engine/metrics/system_tags.h"

namespace perigee {

// A half sentence: `no sample of http_reqs has the tag "staus" (did you mean "status"?)`. The names
// that it offers are those that samples of this run have. Empty where nothing looks wrong: of a
// counter whose tags are known, 0 is the count. `tags` are the system tags that samples get.
std::string explain_missing_samples(const MetricSelector& selector, const Aggregator& aggregator,
                                    const SystemTags& tags);

}  // namespace perigee
