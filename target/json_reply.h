// Replies in JSON.
#pragma once

#include <string>
#include <string_view>

#include "engine/http/server/reply.h"

namespace perigee {

inline constexpr std::string_view kJsonType = "application/json";

http::Reply json_reply(int status, std::string json);
// {"error": "..."}
http::Reply error_reply(int status, std::string_view message);

}  // namespace perigee
