// One Set-Cookie header, taken apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"

namespace perigee::http {

// A cookie as the server described it; what it did not say is empty.
struct SetCookie {
  std::string name;
  std::string value;  // without the quotes it may have come in
  std::string domain;
  std::string path;
  std::optional<WallTime> expires;
  std::optional<int64_t> max_age;  // seconds; 0 or less: at once
  bool secure = false;
  bool http_only = false;
};

// Reads the value of a Set-Cookie header; nothing if it names no cookie. Attributes that make no
// sense are passed over, as browsers do.
std::optional<SetCookie> parse_set_cookie(std::string_view text);

// The cookies of a response's header block, in its order.
std::vector<SetCookie> read_set_cookies(std::string_view fields);

// Reads "Wed, 21 Oct 2015 07:28:00 GMT" and the older forms of dates that cookies still have.
std::optional<WallTime> parse_cookie_date(std::string_view text);

}  // namespace perigee::http
