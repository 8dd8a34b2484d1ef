// grpc.health.v1: whether the target, or one of its services, is serving.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/grpc/server/services.h"
#include "target/grpc/call_pace.h"
#include "target/inference_repository.h"

namespace perigee {

// One per worker, on its thread. Outlives the calls.
class HealthService {
 public:
  enum class Serving : uint8_t { kServing = 1, kNotServing = 2, kUnknownService = 3 };

  HealthService(InferenceRepository& repository, CallPace& pace)
      : repository_(repository), pace_(pace) {}

  void add_to(grpc::Services& services);

  // Of a service; an empty name is that of the target as a whole.
  Serving serving(std::string_view service, Instant at) const;

 private:
  void check(std::string_view message, Instant at, std::string& response) const;
  void watch(grpc::ServerCall& call, std::string_view message);
  void list(Instant at, std::string& response) const;

  InferenceRepository& repository_;
  CallPace& pace_;
};

}  // namespace perigee
