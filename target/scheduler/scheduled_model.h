// A model of the scheduler, with its versions and their states.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "engine/base/clock.h"
#include "target/scheduler/model_request.h"

namespace perigee {

// With the numbers of the wire.
enum class ModelState : uint8_t {
  kUnknown = 0,
  kProgressing = 1,
  kAvailable = 2,
  kFailed = 3,
  kTerminating = 4,
  kTerminated = 5,
  kScheduleFailed = 7,
  kCreate = 9,
  kTerminate = 10,
};

enum class ReplicaState : uint8_t {
  kLoadRequested = 1,
  kLoading = 2,
  kLoadFailed = 4,
  kUnloading = 6,
  kUnloaded = 7,
  kAvailable = 9,
};

struct ModelVersion {
  uint32_t number = 1;
  ModelRequest request;

  ModelState state = ModelState::kUnknown;
  std::string reason;
  Instant changed_at{};

  std::string server;      // where it was placed last; empty if nowhere
  uint32_t replicas = 0;   // that it has there, loaded or not
  uint32_t available = 0;  // of these
  ReplicaState others{};   // what the rest of them does
  uint64_t reserved = 0;   // bytes of the servers' memory
  uint64_t step = 0;       // what it was told to do last: who comes late finds another number

  bool gone() const { return state == ModelState::kTerminated; }
  bool ending() const { return gone() || state == ModelState::kTerminating; }
  // It takes room on its server.
  bool placed() const { return !server.empty() && state != ModelState::kFailed && !gone(); }
};

struct ScheduledModel {
  std::string name;
  std::deque<ModelVersion> versions;  // ascending, the last one is what is wanted
  bool deleted = false;

  ModelVersion& latest() { return versions.back(); }
  const ModelVersion& latest() const { return versions.back(); }
  bool available() const { return !deleted && latest().state == ModelState::kAvailable; }
};

}  // namespace perigee
