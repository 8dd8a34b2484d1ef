// Where in a value something is, and how errors say so.
#pragma once

#include <stdexcept>
#include <string>

#include "scripting/protobuf/field_path.h"

namespace perigee::avro {

// The step behind `before`, which may be null.
inline FieldStep then(FieldStep step, const FieldStep* before) {
  step.before = before;
  return step;
}

// Throws std::runtime_error that begins with the path.
[[noreturn]] inline void fail(const FieldStep* at, const std::string& message) {
  const std::string path = path_text(at);
  throw std::runtime_error(path.empty() ? message : path + ": " + message);
}

}  // namespace perigee::avro
