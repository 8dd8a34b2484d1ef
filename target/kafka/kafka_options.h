// What `perigee serve --kafka` is told.
#pragma once

#include <cstdint>
#include <string>

namespace perigee {

struct KafkaOptions {
  uint16_t port = 9092;  // of 127.0.0.1; 0 picks a free one
  // What names of topics begin with: a prefix and a namespace.
  std::string topics = "seldon.default";
};

}  // namespace perigee
