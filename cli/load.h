// How much load the commands without a script make, and what must hold for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/threshold.h"

namespace perigee {

// Requests stand for calls, too, and connections for whoever makes these one after the other.
struct Load {
  int64_t connections = 10;
  bool connections_given = false;
  std::optional<int64_t> requests;
  bool each = false;           // the requests are those of each connection, not of all together
  std::optional<double> rate;  // requests per second over all connections
  std::optional<Duration> duration;
  std::optional<Duration> timeout;  // of a request
  // Metrics and expressions in the order in which they were given.
  std::vector<std::pair<std::string, std::string>> thresholds;
  NoSamples threshold_no_samples = NoSamples::kPass;
};

// What a protocol calls the parts of a load, in the singular.
struct LoadNames {
  std::string_view request = "request";
  std::string_view connection = "connection";
};

// "64 connections, 10s" or "100 requests per second, 10s".
std::string describe(const Load& load, const LoadNames& names = {});

}  // namespace perigee
