// Dates as RFC 3339 and JavaScript's toISOString write them.
#pragma once

#include <optional>
#include <string>

namespace perigee {

// Milliseconds since 1970 in UTC, down to the millisecond: "2026-01-31T12:00:00.000Z". The year
// must have four digits.
std::string format_rfc3339(double ms);

// "2026-01-31", or a time behind it after "T" or a blank, with a fraction or without, and with "Z"
// or an offset like "+01:00"; without one it is of UTC. In milliseconds since 1970; nothing for
// what is no such date.
std::optional<double> parse_rfc3339(const std::string& text);

}  // namespace perigee
