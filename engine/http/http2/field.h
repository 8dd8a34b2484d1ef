// One field of a head or of trailers.
#pragma once

#include <string_view>

namespace perigee::http2 {

// To be sent, its name is in lower case.
struct Field {
  std::string_view name;
  std::string_view value;
};

}  // namespace perigee::http2
