// One client's connection to the target, whatever is spoken on it.
#pragma once

#include <cstddef>

namespace perigee {

// Belongs to the list of its server.
class TargetConnection {
 public:
  TargetConnection() = default;
  virtual ~TargetConnection() = default;
  TargetConnection(const TargetConnection&) = delete;
  TargetConnection& operator=(const TargetConnection&) = delete;

  // Its place in the list.
  size_t index = 0;
};

}  // namespace perigee
