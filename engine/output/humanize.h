// Numbers as the summary shows them, by k6's rules.
#pragma once

#include <string>
#include <string_view>

#include "engine/metrics/metric.h"

namespace perigee {

// At most `decimals` decimals, no zeros at the end.
std::string human_number(double value, int decimals = 6);

// "0s", "85ns", "12.3µs", "1.23ms", "2.5s", "1m2s", "1h2m3s" of milliseconds; decimals are cut off.
// A `unit` of s, ms or us is used for every size.
std::string human_duration(double milliseconds, std::string_view unit = {});

// "9 B", "1.2 kB", "23 MB": units of 1000.
std::string human_bytes(double bytes);

// A share as a percentage with two decimals, cut off and not rounded up: 0.99999 is "99.99%".
std::string human_share(double share);

// By what the number is.
std::string human_value(double value, ValueKind contains, std::string_view time_unit);

// How many characters UTF-8 text has.
size_t display_width(std::string_view text);

}  // namespace perigee
