// The flags of a load that commands without a script share.
#pragma once

#include <optional>
#include <string_view>

#include "cli/load.h"
#include "engine/execution/json_reader.h"

namespace perigee {

// The time at a key; a number is seconds, as curl, hey, wrk and ghz count. Throws ConfigError
// unless it is above 0.
std::optional<Duration> read_seconds(const JsonReader& reader, const char* key);

// Reads "connections", "requests", "duration", "rate" and "timeout"; a load without an end lasts
// ten seconds. Throws ConfigError.
void read_amount(const JsonReader& reader, std::string_view requests, Load& load);

// Reads "thresholds", "thresholdNoSamples" and "fail". Metrics are those of the protocol, "http" or
// "grpc". Throws ConfigError.
void read_thresholds(const JsonReader& reader, std::string_view protocol, Load& load);

}  // namespace perigee
