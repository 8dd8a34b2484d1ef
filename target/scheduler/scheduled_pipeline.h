// A pipeline of the scheduler, with its versions and their states.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "engine/base/clock.h"
#include "target/scheduler/pipeline_request.h"

namespace perigee {

// With the numbers of the wire.
enum class PipelineState : uint8_t {
  kUnknown = 0,
  kCreate = 1,
  kCreating = 2,
  kReady = 3,
  kTerminate = 5,
  kTerminating = 6,
  kTerminated = 7,
};

struct PipelineVersion {
  uint32_t number = 1;
  std::string uid;
  PipelineRequest request;

  PipelineState state = PipelineState::kUnknown;
  std::string reason;
  Instant changed_at{};
  bool models_ready = false;  // all models of its steps are available
  uint64_t step = 0;          // what it was told to do last: who comes late finds another number

  bool gone() const { return state == PipelineState::kTerminated; }
  bool ending() const { return state >= PipelineState::kTerminate; }
};

struct ScheduledPipeline {
  std::string name;
  std::deque<PipelineVersion> versions;  // ascending, the last one is what is wanted
  bool deleted = false;

  PipelineVersion& latest() { return versions.back(); }
  const PipelineVersion& latest() const { return versions.back(); }
  bool ready() const { return !deleted && latest().state == PipelineState::kReady; }
};

}  // namespace perigee
