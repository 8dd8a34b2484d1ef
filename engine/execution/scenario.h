// One scenario of a run: which executor runs which function, when, and with how many VUs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/clock.h"
#include "engine/execution/segment_share.h"

namespace perigee {

// A fixed number of VUs, each starting its next iteration when the last has ended.
struct ConstantVus {
  int64_t vus = 1;
  Duration duration{};
};

// VUs that share a number of iterations; whoever is free takes the next.
struct SharedIterations {
  int64_t vus = 1;
  int64_t iterations = 1;
  Duration max_duration = std::chrono::minutes(10);
};

// A number of iterations for each VU.
struct PerVuIterations {
  int64_t vus = 1;
  int64_t iterations = 1;
  Duration max_duration = std::chrono::minutes(10);
};

// What becomes of an arrival that finds no VU: nothing, or it starts late.
enum class Overload { kDrop, kQueue };

// How the arrivals of an open model come and what meets them.
struct ArrivalRules {
  std::optional<uint64_t> poisson_seed{};  // set: at random, as this seed has it; else evenly
  Overload overload = Overload::kDrop;
};

// Iterations that start at a fixed rate, whether or not earlier ones have ended.
struct ConstantArrivalRate {
  double rate = 0;
  Duration time_unit = std::chrono::seconds(1);
  Duration duration{};
  int64_t pre_allocated_vus = 0;
  int64_t max_vus = 0;
  ArrivalRules rules{};
};

// The way to a target: straight, or at once if it takes no time.
template <typename Target>
struct Stage {
  Duration duration{};
  Target target{};
};

// A number of VUs that follows the stages. One VU too many ends its iteration, and is interrupted
// when that takes longer than the graceful ramp-down.
struct RampingVus {
  int64_t start_vus = 1;
  std::vector<Stage<int64_t>> stages;
  Duration graceful_ramp_down = std::chrono::seconds(30);
};

// Iterations that start at a rate that follows the stages.
struct RampingArrivalRate {
  double start_rate = 0;
  Duration time_unit = std::chrono::seconds(1);
  std::vector<Stage<double>> stages;
  int64_t pre_allocated_vus = 0;
  int64_t max_vus = 0;
  ArrivalRules rules{};
};

using ExecutorConfig = std::variant<ConstantVus, SharedIterations, PerVuIterations,
                                    ConstantArrivalRate, RampingVus, RampingArrivalRate>;

// How long stages take together.
template <typename Target>
Duration length_of(const std::vector<Stage<Target>>& stages) {
  Duration sum{};
  for (const auto& stage : stages)
    sum += stage.duration;
  return sum;
}

struct Scenario {
  std::string name;
  std::string executor;  // as k6 names it
  ExecutorConfig config;
  Duration start_time{};
  Duration graceful_stop = std::chrono::seconds(30);
  std::string exec = "default";
  std::map<std::string, std::string> env;
  std::map<std::string, std::string> tags;
  // Which of the iterations of the whole test are those of this instance (and of the VUs, where a
  // ramp counts them).
  SegmentShare share;

  // How long iterations may start, without the graceful stop.
  Duration duration() const;
  // Whether iterations start when they are due and not when a VU has time.
  bool is_open() const { return arrival_rules() != nullptr; }
  // Null if it is not open.
  const ArrivalRules* arrival_rules() const;
  // VUs that are made before the run starts, the most at one time, and those that may exist in the
  // end.
  int64_t planned_vus() const;
  int64_t max_vus() const;
  // "5 looping VUs for 30s (gracefulStop: 30s)", as the start of a run describes it.
  std::string describe() const;
};

}  // namespace perigee
