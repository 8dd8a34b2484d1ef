// A message that is not protobuf.
#pragma once

#include <stdexcept>
#include <string>

#include "engine/protobuf/wire_reader.h"

namespace perigee {

// Becomes INTERNAL, as real servers have it. It never leaves what answers the call.
class MalformedMessage : public std::runtime_error {
 public:
  explicit MalformedMessage(protobuf::WireFault fault)
      : std::runtime_error("the request is not the method's message: " +
                           std::string(protobuf::describe(fault))) {}
};

}  // namespace perigee
