#include "engine/protobuf/schema_error.h"

#include <algorithm>

#include <fmt/format.h>

namespace perigee::protobuf {

void SchemaErrors::add(const std::string& file, SourcePosition position,
                       const std::string& message) {
  std::string line = position.line == 0 ? fmt::format("{}: {}", file, message)
                                        : fmt::format("{}:{}:{}: {}", file, position.line,
                                                      position.column, message);
  if (std::find(lines_.begin(), lines_.end(), line) == lines_.end()) {
    lines_.push_back(std::move(line));
  }
}

void SchemaErrors::check() const {
  if (!lines_.empty()) throw SchemaError(fmt::format("{}", fmt::join(lines_, "\n")));
}

}  // namespace perigee::protobuf
