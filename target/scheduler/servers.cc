#include "target/scheduler/servers.h"

#include <algorithm>

#include <fmt/format.h>

namespace perigee {
namespace {

bool can_all(const ModelServer& server, const std::vector<std::string>& requirements) {
  return std::all_of(requirements.begin(), requirements.end(), [&](const std::string& wanted) {
    return std::find(server.capabilities.begin(), server.capabilities.end(), wanted) !=
           server.capabilities.end();
  });
}

// How many of the wanted replicas a server has room for; fewer than wanted only where that will do.
uint32_t replicas_on(const ModelServer& server, const ModelRequest& request) {
  if (request.replicas <= server.replicas) return request.replicas;
  const bool fewer_do = request.min_replicas > 0 && request.min_replicas <= server.replicas;
  return fewer_do ? server.replicas : 0;
}

}  // namespace

Servers::Servers(const SchedulerOptions& options)
    : memory_(options.servers_memory),
      servers_{
          {.name = "mlserver",
           .capabilities = {"mlserver", "alibi-detect", "alibi-explain", "huggingface", "lightgbm",
                            "mlflow", "python", "sklearn", "spark-mlib", "xgboost"},
           .replicas = options.server_replicas,
           .expected = options.server_replicas},
          {.name = "triton",
           .capabilities = {"triton", "dali", "fil", "onnx", "openvino", "python", "pytorch",
                            "tensorflow", "tensorrt"},
           .replicas = options.server_replicas,
           .expected = options.server_replicas}} {}

Servers::Placement Servers::place(const ModelRequest& request, const Placement& held) {
  Placement placement;
  ModelServer* const server = choose(request, placement.refusal);
  if (server == nullptr) return placement;
  const uint32_t replicas = replicas_on(*server, request);
  if (replicas == 0) {
    placement.refusal = fmt::format("{} has {} replicas, and the model is to have {}", server->name,
                                    server->replicas, request.replicas);
    return placement;
  }
  const uint64_t left = memory_ - used() + held.memory;
  if (request.memory > left / replicas) {
    placement.refusal = fmt::format(
        "the servers have {} of {} bytes of memory left, and the model takes {} for each of {} "
        "replicas",
        left, memory_, request.memory, replicas);
    return placement;
  }
  give_back(held);
  const uint64_t memory = request.memory * replicas;
  server->memory_used += memory;
  server->model_replicas += replicas;
  return {.server = server->name, .replicas = replicas, .memory = memory, .refusal = {}};
}

void Servers::give_back(const Placement& held) {
  for (ModelServer& server : servers_) {
    if (server.name != held.server) continue;
    server.memory_used -= held.memory;
    server.model_replicas -= held.replicas;
  }
}

bool Servers::expect(std::string_view name, uint32_t replicas) {
  for (ModelServer& server : servers_) {
    if (server.name != name) continue;
    server.expected = replicas;
    return true;
  }
  return false;
}

const ModelServer* Servers::find(std::string_view name) const {
  for (const ModelServer& server : servers_) {
    if (server.name == name) return &server;
  }
  return nullptr;
}

ModelServer* Servers::choose(const ModelRequest& request, std::string& refusal) {
  for (ModelServer& server : servers_) {
    if (!request.server.empty() && server.name != request.server) continue;
    if (can_all(server, request.requirements)) return &server;
    if (server.name != request.server) continue;
    refusal = fmt::format("{} can't do {}", server.name, fmt::join(request.requirements, " and "));
    return nullptr;
  }
  refusal =
      request.server.empty()
          ? fmt::format("no server can do {}", fmt::join(request.requirements, " and "))
          : fmt::format("there is no server {}; there are mlserver and triton", request.server);
  return nullptr;
}

uint64_t Servers::used() const {
  uint64_t sum = 0;
  for (const ModelServer& server : servers_)
    sum += server.memory_used;
  return sum;
}

uint64_t Servers::memory_of_replica() const {
  return memory_ / (servers_.size() * servers_.front().replicas);
}

uint64_t Servers::free_memory_of_replica() const {
  return (memory_ - used()) / (servers_.size() * servers_.front().replicas);
}

}  // namespace perigee
