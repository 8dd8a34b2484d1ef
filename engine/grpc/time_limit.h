// The time that a call may take, as grpc-timeout says it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.h"

namespace perigee::grpc {

// At most eight digits and a unit, in the finest unit that holds it ("250000u"), rounded up: a
// server that gives up first would hide which side has waited for too long. Not positive: "1n".
std::string format_time_limit(Duration limit);

// Nothing if it is malformed: servers refuse such a call.
std::optional<Duration> parse_time_limit(std::string_view value);

}  // namespace perigee::grpc
