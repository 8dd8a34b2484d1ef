// How reports call the status of a response.
#pragma once

#include <string>
#include <string_view>

#include "engine/metrics/tags.h"

namespace perigee::reports {

inline constexpr std::string_view kNoResponse = "no response";

// Of a sample of HTTP its status code, of gRPC the name of its code: "200", "UNAVAILABLE".
std::string response_status(std::string_view metric, const TagSet& tags);

// The value of a tag; empty if it is absent.
std::string tag_value(const TagSet& tags, std::string_view key);

}  // namespace perigee::reports
