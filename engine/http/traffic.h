// Bytes on the wire.
#pragma once

#include <cstdint>

namespace perigee::http {

struct Traffic {
  uint64_t sent = 0;
  uint64_t received = 0;
};

}  // namespace perigee::http
