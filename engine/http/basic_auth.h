// The value of the Authorization header for a URL's user and password.
#pragma once

#include <string>
#include <string_view>

namespace perigee::http {

// "Basic " and `credentials` ("user:password") in base64.
std::string basic_auth(std::string_view credentials);

}  // namespace perigee::http
