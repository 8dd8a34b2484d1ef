// What a series of inferences came to: how many, of how many frames, how long each took, and when.
#pragma once

#include <cstdint>
#include <limits>

namespace perigee::inference {

// Times are seconds of a clock that only goes forward.
struct Inference {
  double frames = 1;
  double latency = 0;
  double end = 0;
  bool passed = true;
};

// Those that passed, or those that failed.
struct Outcome {
  uint64_t batches = 0;
  double frames = 0;
  double latency = 0;   // the sum
  double latency2 = 0;  // the sum of squares
  double max_latency = 0;

  void add(const Inference& inference);
  void add(const Outcome& other);
};

// Of one client, or of several: what these had is added up, so means and deviations are those of
// all inferences together.
struct Series {
  static constexpr double kNone = std::numeric_limits<double>::infinity();

  uint64_t clients = 0;
  double start = kNone;  // of the first client
  double stop = -kNone;  // of the last
  double first_latency = kNone;
  Outcome passed;
  Outcome failed;
  // Passed batches and frames per second of latency, each client's added up.
  double netto_batch_rate = 0;
  double netto_frame_rate = 0;

  void add(const Inference& inference);
  // Takes a client that has ended.
  void add(const Series& client);
};

}  // namespace perigee::inference
