#include "modules/inference/series.h"

#include <algorithm>

namespace perigee::inference {

void Outcome::add(const Inference& inference) {
  ++batches;
  frames += inference.frames;
  latency += inference.latency;
  latency2 += inference.latency * inference.latency;
  max_latency = std::max(max_latency, inference.latency);
}

void Outcome::add(const Outcome& other) {
  batches += other.batches;
  frames += other.frames;
  latency += other.latency;
  latency2 += other.latency2;
  max_latency = std::max(max_latency, other.max_latency);
}

void Series::add(const Inference& inference) {
  if (inference.passed && passed.batches == 0) first_latency = inference.latency;
  (inference.passed ? passed : failed).add(inference);
}

void Series::add(const Series& client) {
  ++clients;
  start = std::min(start, client.start);
  stop = std::max(stop, client.stop);
  // The slowest client's, as clients that run beside each other have no order.
  if (client.first_latency != kNone) {
    first_latency = first_latency == kNone ? client.first_latency
                                           : std::max(first_latency, client.first_latency);
  }
  passed.add(client.passed);
  failed.add(client.failed);
  const double latency = client.passed.latency + client.failed.latency;
  if (latency <= 0) return;
  netto_batch_rate += static_cast<double>(client.passed.batches) / latency;
  netto_frame_rate += client.passed.frames / latency;
}

}  // namespace perigee::inference
