// Where raw samples go, one by one: files, streams.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/metric.h"
#include "engine/metrics/shard.h"
#include "engine/metrics/tags.h"

namespace perigee {

struct RawSample {
  MetricId metric = 0;
  // Numbered by the worker the batch comes from.
  TagSetId tags = 0;
  double value = 0;
  Instant at{};
};

// Samples of one worker in the order in which they were made.
struct SampleBatch {
  uint32_t worker = 0;
  // The tag sets that this worker's samples use from this batch on.
  std::vector<std::pair<TagSetId, std::shared_ptr<const TagSet>>> new_tags;
  std::vector<RawSample> samples;
  // One for each sample if the run wants vu or iter or scripts set metadata, else empty.
  std::vector<SampleSource> sources{};
};

// Used by one thread. Batches of one worker arrive in order. An output that cannot write throws
// std::runtime_error and is not used any more.
class SampleOutput {
 public:
  virtual ~SampleOutput() = default;

  // What a message calls it: "csv (results/base.gz)".
  virtual std::string name() const = 0;
  virtual void write(const SampleBatch& batch) = 0;
  // Called once, after the last batch: everything must be in its place when it returns.
  virtual void finish() = 0;
};

}  // namespace perigee
