// A model as somebody wants it loaded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace perigee {

struct ModelRequest {
  std::string name;
  std::string uri;
  std::string model_type;  // a parameter of this name; empty if there is none
  std::vector<std::string> requirements;
  std::string server;   // empty: any that fits
  uint64_t memory = 0;  // of each replica, in bytes
  uint32_t replicas = 1;
  uint32_t min_replicas = 0;
  int64_t generation = 0;  // of the resource of Kubernetes; 0 if there is none

  // As they came over the wire: the whole, what makes a new version when it changes, and which
  // resource it comes from.
  std::string definition;
  std::string specification;
  std::string kubernetes;
};

}  // namespace perigee
