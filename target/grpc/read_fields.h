// Reads the fields of a message one by one.
#pragma once

#include <string_view>

#include "engine/protobuf/wire_reader.h"
#include "target/grpc/malformed_message.h"

namespace perigee {

// Calls `take` with the reader at each field; it reads the value of those it wants. Throws
// MalformedMessage.
template <typename Take>
void read_fields(std::string_view message, Take take) {
  protobuf::WireReader reader(message);
  while (reader.next())
    take(reader);
  if (reader.failed()) throw MalformedMessage(reader.fault());
}

}  // namespace perigee
