// Text within a URL.
#pragma once

#include <string>
#include <string_view>

namespace perigee::exports {

// Everything but letters, digits and "-_.~" becomes %XX.
std::string percent_encode(std::string_view text);

}  // namespace perigee::exports
