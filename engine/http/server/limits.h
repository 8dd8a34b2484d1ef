// What a server takes at most from its clients.
#pragma once

#include <cstddef>

#include "engine/base/clock.h"
#include "engine/base/limits.h"

namespace perigee::http {

struct ServerLimits {
  size_t head = limits::kRequestHead;  // bytes; more is refused with 431
  size_t body = limits::kRequestBody;  // bytes; more is refused with 413
  size_t connections = 0;              // at a time, further ones are closed; 0: any number
  // A connection is closed when it has been open, or idle, for so long without a whole request
  // (HTTP/1.1) or any (HTTP/2); 0: never.
  Duration idle{};
};

}  // namespace perigee::http
