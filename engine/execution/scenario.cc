#include "engine/execution/scenario.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/duration.h"

namespace perigee {
namespace {

template <typename... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <typename... F>
Overloaded(F...) -> Overloaded<F...>;

std::string describe_config(const ConstantVus& c, const SegmentShare&) {
  return fmt::format("{} looping VUs for {}", c.vus, format_duration(c.duration));
}
std::string describe_config(const SharedIterations& c, const SegmentShare&) {
  return fmt::format("{} iterations shared among {} VUs (maxDuration: {}", c.iterations, c.vus,
                     format_duration(c.max_duration));
}
std::string describe_config(const PerVuIterations& c, const SegmentShare&) {
  return fmt::format("{} iterations for each of {} VUs (maxDuration: {}", c.iterations, c.vus,
                     format_duration(c.max_duration));
}
template <typename Config>
std::string describe_arrivals(const Config& c) {
  std::string text = c.max_vus > c.pre_allocated_vus
                         ? fmt::format("(maxVUs: {}-{}", c.pre_allocated_vus, c.max_vus)
                         : fmt::format("(maxVUs: {}", c.max_vus);
  if (c.rules.poisson_seed)
    text += fmt::format(", arrival: poisson, seed: {}", *c.rules.poisson_seed);
  if (c.rules.overload == Overload::kQueue) text += ", overload: queue";
  return text;
}

template <typename Target>
Target highest(Target start, const std::vector<Stage<Target>>& stages) {
  for (const auto& stage : stages)
    start = std::max(start, stage.target);
  return start;
}

int64_t most_vus(const RampingVus& c, const SegmentShare& share) {
  return static_cast<int64_t>(share.count(static_cast<uint64_t>(highest(c.start_vus, c.stages))));
}

std::string describe_config(const ConstantArrivalRate& c, const SegmentShare& share) {
  return fmt::format("{:.2f} iterations/s for {} {}",
                     c.rate * share.fraction() / to_seconds(c.time_unit),
                     format_duration(c.duration), describe_arrivals(c));
}
std::string describe_config(const RampingVus& c, const SegmentShare& share) {
  return fmt::format("Up to {} looping VUs for {} over {} stages (gracefulRampDown: {}",
                     most_vus(c, share), format_duration(length_of(c.stages)), c.stages.size(),
                     format_duration(c.graceful_ramp_down));
}
std::string describe_config(const RampingArrivalRate& c, const SegmentShare& share) {
  return fmt::format("Up to {:.2f} iterations/s for {} over {} stages {}",
                     highest(c.start_rate, c.stages) * share.fraction() / to_seconds(c.time_unit),
                     format_duration(length_of(c.stages)), c.stages.size(), describe_arrivals(c));
}

}  // namespace

Duration Scenario::duration() const {
  return std::visit(Overloaded{[](const ConstantVus& c) { return c.duration; },
                               [](const ConstantArrivalRate& c) { return c.duration; },
                               [](const RampingVus& c) { return length_of(c.stages); },
                               [](const RampingArrivalRate& c) { return length_of(c.stages); },
                               [](const auto& c) { return c.max_duration; }},
                    config);
}

const ArrivalRules* Scenario::arrival_rules() const {
  if (const auto* constant = std::get_if<ConstantArrivalRate>(&config)) return &constant->rules;
  if (const auto* ramping = std::get_if<RampingArrivalRate>(&config)) return &ramping->rules;
  return nullptr;
}

int64_t Scenario::planned_vus() const {
  return std::visit(Overloaded{[](const ConstantArrivalRate& c) { return c.pre_allocated_vus; },
                               [](const RampingArrivalRate& c) { return c.pre_allocated_vus; },
                               [this](const RampingVus& c) { return most_vus(c, share); },
                               [](const auto& c) { return c.vus; }},
                    config);
}

int64_t Scenario::max_vus() const {
  return std::visit(Overloaded{[](const ConstantArrivalRate& c) { return c.max_vus; },
                               [](const RampingArrivalRate& c) { return c.max_vus; },
                               [this](const RampingVus& c) { return most_vus(c, share); },
                               [](const auto& c) { return c.vus; }},
                    config);
}

std::string Scenario::describe() const {
  std::string text =
      std::visit([this](const auto& c) { return describe_config(c, share); }, config);
  text += text.find('(') == std::string::npos ? " (" : ", ";
  if (exec != "default") text += fmt::format("exec: {}, ", exec);
  if (start_time > Duration::zero()) {
    text += fmt::format("startTime: {}, ", format_duration(start_time));
  }
  return text + fmt::format("gracefulStop: {})", format_duration(graceful_stop));
}

}  // namespace perigee
