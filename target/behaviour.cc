#include "target/behaviour.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/duration.h"

namespace perigee {
namespace {

Duration to_duration(double ns) {
  return Duration(static_cast<int64_t>(std::max(ns, 0.0)));
}

double to_ns(Duration duration) {
  return static_cast<double>(duration.count());
}

// The part of `text` before the first comma; takes it and the comma away.
std::string_view next_part(std::string_view& text) {
  const size_t comma = text.find(',');
  const std::string_view part = text.substr(0, comma);
  text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  return part;
}

[[noreturn]] void bad_latency(std::string_view text) {
  throw ConfigError(fmt::format(
      "\"{}\" is not a latency; write 5ms, normal:5ms,1ms (mean and deviation) or exponential:5ms",
      text));
}

[[noreturn]] void bad_stall(std::string_view text) {
  throw ConfigError(fmt::format(
      "\"{}\" is not a stall; write every=10s,for=500ms, with every longer than for", text));
}

// A duration that is not negative, or nothing.
std::optional<Duration> read_duration(std::string_view text) {
  const auto duration = parse_duration(text);
  return duration && *duration >= Duration{} ? duration : std::nullopt;
}

}  // namespace

Duration draw(const Latency& latency, std::mt19937_64& random) {
  const double mean = to_ns(latency.mean);
  switch (latency.kind) {
    case Latency::Kind::kNormal:
      return to_duration(std::normal_distribution<>(mean, to_ns(latency.deviation))(random));
    case Latency::Kind::kExponential:
      return to_duration(mean * std::exponential_distribution<>(1)(random));
    default:
      return latency.mean;
  }
}

Latency parse_latency(std::string_view text) {
  const size_t colon = text.find(':');
  Latency latency{.kind = Latency::Kind::kFixed, .mean = {}, .deviation = {}};
  std::string_view rest = text;
  if (colon != std::string_view::npos) {
    const std::string_view kind = text.substr(0, colon);
    rest = text.substr(colon + 1);
    if (kind == "normal") {
      latency.kind = Latency::Kind::kNormal;
    } else if (kind == "exponential") {
      latency.kind = Latency::Kind::kExponential;
    } else if (kind != "fixed") {
      bad_latency(text);
    }
  }
  const auto mean = read_duration(next_part(rest));
  if (!mean) bad_latency(text);
  latency.mean = *mean;
  if (latency.kind == Latency::Kind::kNormal) {
    const auto deviation = read_duration(next_part(rest));
    if (!deviation) bad_latency(text);
    latency.deviation = *deviation;
  }
  if (!rest.empty()) bad_latency(text);
  return latency;
}

Stall parse_stall(std::string_view text) {
  Stall stall;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view part = next_part(rest);
    const bool is_every = part.starts_with("every=");
    if (!is_every && !part.starts_with("for=")) bad_stall(text);
    const auto duration = read_duration(part.substr(part.find('=') + 1));
    if (!duration) bad_stall(text);
    (is_every ? stall.every : stall.length) = *duration;
  }
  if (stall.length == Duration{} || stall.every <= stall.length) bad_stall(text);
  return stall;
}

Behaviour::Behaviour(const BehaviourOptions& options, uint64_t worker, Instant start)
    : options_(options), start_(start) {
  std::seed_seq seed{options.seed & 0xffffffffU, options.seed >> 32, worker};
  random_.seed(seed);
}

Duration Behaviour::next_latency() {
  return draw(options_.latency, random_);
}

bool Behaviour::next_fails() {
  return options_.error_rate > 0 && std::bernoulli_distribution(options_.error_rate)(random_);
}

Instant Behaviour::after_stall(Instant at) const {
  const Stall& stall = options_.stall;
  if (stall.every == Duration{}) return at;
  const Duration since_start = at - start_;
  const Duration since_stall = since_start % stall.every;
  const bool stalled = since_start >= stall.every && since_stall < stall.length;
  return stalled ? at + (stall.length - since_stall) : at;
}

}  // namespace perigee
