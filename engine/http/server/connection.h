// One client's connection to a server, whatever is spoken on it.
#pragma once

#include <cstddef>

#include "engine/loop/deadlines.h"

namespace perigee::http {

// Belongs to the list of its server. Its deadline is the server's time-out for idle connections.
class ServerConnection : public Deadline {
 public:
  // Its place in the list.
  size_t index = 0;
};

}  // namespace perigee::http
