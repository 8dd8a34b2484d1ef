// How the target misbehaves on purpose: latency, errors and stalls, all by a seed.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string_view>

#include "engine/base/clock.h"

namespace perigee {

struct Latency {
  enum class Kind { kNone, kFixed, kNormal, kExponential };
  Kind kind = Kind::kNone;
  Duration mean{};
  Duration deviation{};  // of the normal distribution, which is cut off at zero
};

// Every `every`, counted from the start, all answers stop for `length`.
struct Stall {
  Duration every{};  // zero: never
  Duration length{};
};

struct BehaviourOptions {
  Latency latency;
  double error_rate = 0;  // the share of requests answered with 503
  Stall stall;
  uint64_t seed = 1;
};

// A time of this distribution.
Duration draw(const Latency& latency, std::mt19937_64& random);
// "5ms", "normal:5ms,1ms" or "exponential:5ms". Throws ConfigError.
Latency parse_latency(std::string_view text);
// "every=10s,for=500ms". Throws ConfigError.
Stall parse_stall(std::string_view text);

// One per worker, on its thread. The same seed and worker give the same latencies and errors.
class Behaviour {
 public:
  Behaviour(const BehaviourOptions& options, uint64_t worker, Instant start);

  // How long the next reply takes.
  Duration next_latency();
  // Whether the next request fails.
  bool next_fails();
  // When a reply that would go out at `at` really does: `at`, or the end of the stall it falls
  // in.
  Instant after_stall(Instant at) const;

 private:
  const BehaviourOptions options_;
  const Instant start_;
  std::mt19937_64 random_;
};

}  // namespace perigee
