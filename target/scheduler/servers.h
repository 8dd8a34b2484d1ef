// The servers that the scheduler places models on.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "target/scheduler/model_request.h"
#include "target/scheduler/scheduler_options.h"

namespace perigee {

struct ModelServer {
  std::string name;
  std::vector<std::string_view> capabilities;
  uint32_t replicas;
  uint32_t expected;            // replicas that somebody wants it to have
  uint64_t memory_used = 0;     // by all its replicas, in bytes
  uint32_t model_replicas = 0;  // that lie on it
};

// Two of them, as a new installation has. They share one memory, so that how much is left does not
// hang on which model lies where.
class Servers {
 public:
  explicit Servers(const SchedulerOptions& options);

  // Where a model has been placed, with how many replicas and bytes; or why nowhere.
  struct Placement {
    std::string server;
    uint32_t replicas = 0;
    uint64_t memory = 0;
    std::string refusal;
  };
  // What the model has already counts as free, and is freed if it is placed.
  Placement place(const ModelRequest& request, const Placement& held);
  void give_back(const Placement& held);

  // Notes how many replicas the server is wanted to have. False if there is no such server.
  bool expect(std::string_view name, uint32_t replicas);

  std::span<const ModelServer> list() const { return servers_; }
  const ModelServer* find(std::string_view name) const;
  // Of each replica of a server: its part of the whole memory, and what is left of it.
  uint64_t memory_of_replica() const;
  uint64_t free_memory_of_replica() const;

 private:
  ModelServer* choose(const ModelRequest& request, std::string& refusal);
  uint64_t used() const;

  const uint64_t memory_;
  std::vector<ModelServer> servers_;
};

}  // namespace perigee
