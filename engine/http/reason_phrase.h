// The words that go with a status code.
#pragma once

#include <string_view>

namespace perigee::http {

// "Not Found"; empty for a status without a name. HTTP/2 sends none, so that responses over it get
// theirs here.
std::string_view reason_phrase(int status);

}  // namespace perigee::http
