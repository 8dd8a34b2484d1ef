// Durations as people write them: "1h2m3.5s", "250ms", "2d", or a bare number of milliseconds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.h"

namespace perigee {

// Reads Go's duration format plus `d` for days; a bare number counts milliseconds. A leading sign
// is read too, so that the caller can say that a negative duration makes no sense. Nothing if
// malformed or out of range.
std::optional<Duration> parse_duration(std::string_view text);

// The shortest usual spelling: "1m30s", "1.5s", "20ms", "0s".
std::string format_duration(Duration duration);

}  // namespace perigee
