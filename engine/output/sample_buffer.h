// Collects one worker's raw samples and hands them on in batches.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/metrics/shard.h"
#include "engine/output/output.h"
#include "engine/output/sample_queue.h"

namespace perigee {

// Used on its worker's thread. What is still in it must be flushed before it is destroyed.
class SampleBuffer final : public SampleTap {
 public:
  static constexpr size_t kBatch = 4096;

  // Whether its thread may be held up by a full queue.
  enum class Waits { kYes, kNo };

  // The queue must outlive the buffer. Every buffer of a run has a worker number of its own.
  SampleBuffer(uint32_t worker, SampleQueue& queue, Waits waits = Waits::kYes);

  void on_tags(TagSetId id, const std::shared_ptr<const TagSet>& tags) override;
  // From the first one on, every sample goes with its source.
  void on_source(const SampleSource& source) override;
  // May wait while the queue is full.
  void on_sample(MetricId metric, TagSetId tags, double value, Instant at) override;

  // Hands on what there is; called once a second and at the end.
  void flush();

 private:
  SampleQueue& queue_;
  const Waits waits_;
  bool tells_sources_ = false;
  SampleSource source_;
  SampleBatch batch_;
};

}  // namespace perigee
