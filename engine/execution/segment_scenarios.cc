#include "engine/execution/segment_scenarios.h"

#include <utility>
#include <variant>

namespace perigee {
namespace {

void cut(int64_t& number, const SegmentShare& share) {
  number = static_cast<int64_t>(share.count(static_cast<uint64_t>(number)));
}

// Without VUs in a segment nobody could do its iterations, so those go where the VUs go.
void follow_vus(Scenario& scenario, const SegmentShare& share) {
  scenario.share = share.following(static_cast<uint64_t>(scenario.max_vus()));
}

void cut_config(Scenario&, ConstantVus& config, const SegmentShare& share) {
  cut(config.vus, share);
}
void cut_config(Scenario&, PerVuIterations& config, const SegmentShare& share) {
  cut(config.vus, share);
}
void cut_config(Scenario& scenario, SharedIterations& config, const SegmentShare& share) {
  follow_vus(scenario, share);
  cut(config.iterations, scenario.share);
  cut(config.vus, share);
}
// Its plan takes the share of every number of VUs on the way.
void cut_config(Scenario&, RampingVus&, const SegmentShare&) {}

// Its schedule stays whole, and the share says which of the arrivals are meant.
template <typename ArrivalRate>
void cut_config(Scenario& scenario, ArrivalRate& config, const SegmentShare& share) {
  follow_vus(scenario, share);
  cut(config.pre_allocated_vus, share);
  cut(config.max_vus, share);
}

}  // namespace

std::vector<Scenario> scenarios_of_segment(const std::vector<Scenario>& scenarios,
                                           const SegmentShare& share) {
  if (share.is_whole()) return scenarios;
  std::vector<Scenario> result;
  for (Scenario scenario : scenarios) {
    scenario.share = share;
    std::visit([&](auto& config) { cut_config(scenario, config, share); }, scenario.config);
    if (scenario.max_vus() > 0) result.push_back(std::move(scenario));
  }
  return result;
}

}  // namespace perigee
