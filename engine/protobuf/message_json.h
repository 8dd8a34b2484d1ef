// How messages and protobuf's JSON mapping are turned into each other; `Schema` does it.
#pragma once

#include <stdexcept>

namespace perigee::protobuf {

struct JsonStyle {
  bool defaults = false;  // also fields that have their default and no presence
};

// What in a JSON text is no message of its type, with its path: "inputs[0].shape: ...".
class JsonError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace perigee::protobuf
