#include "engine/output/sample_buffer.h"

#include <utility>

namespace perigee {

SampleBuffer::SampleBuffer(uint32_t worker, SampleQueue& queue, Waits waits)
    : queue_(queue), waits_(waits) {
  batch_.worker = worker;
}

void SampleBuffer::on_tags(TagSetId id, const std::shared_ptr<const TagSet>& tags) {
  batch_.new_tags.emplace_back(id, tags);
}

void SampleBuffer::on_source(const SampleSource& source) {
  source_ = source;
  if (tells_sources_) return;
  tells_sources_ = true;
  batch_.sources.resize(batch_.samples.size());
}

void SampleBuffer::on_sample(MetricId metric, TagSetId tags, double value, Instant at) {
  if (batch_.samples.empty()) batch_.samples.reserve(kBatch);
  batch_.samples.push_back({metric, tags, value, at});
  if (tells_sources_) batch_.sources.push_back(source_);
  if (batch_.samples.size() == kBatch) flush();
}

void SampleBuffer::flush() {
  if (batch_.samples.empty()) return;
  const uint32_t worker = batch_.worker;
  SampleBatch batch = std::exchange(batch_, {});
  waits_ == Waits::kYes ? queue_.push(std::move(batch)) : queue_.push_now(std::move(batch));
  batch_.worker = worker;
}

}  // namespace perigee
