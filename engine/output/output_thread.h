// The thread that writes raw samples to their outputs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/output/output.h"
#include "engine/output/sample_queue.h"

namespace perigee {

// An output that fails is left alone from then on: what it misses is counted, the queue is drained
// all the same, and the others go on.
class OutputThread {
 public:
  // Called on the thread as soon as an output fails, with a sentence that says why.
  using OnFailure = std::function<void(const std::string& sentence)>;

  // Starts at once. The queue must outlive it.
  OutputThread(SampleQueue& queue, std::vector<std::unique_ptr<SampleOutput>> outputs,
               OnFailure on_failure = {});
  OutputThread(const OutputThread&) = delete;
  OutputThread& operator=(const OutputThread&) = delete;
  // Waits as `finish` does; what failed is then never told.
  ~OutputThread();

  // Closes the queue, waits until all is written and the outputs are finished. One sentence for
  // each output that failed, with the number of samples it lacks; empty if every row is in its
  // place.
  std::vector<std::string> finish();

 private:
  struct Line {
    std::unique_ptr<SampleOutput> output;
    std::string error;
    uint64_t missed = 0;
  };

  void run();
  void join();
  void write(Line& line, const SampleBatch& batch);
  static void close(Line& line);

  SampleQueue& queue_;
  const OnFailure on_failure_;
  std::vector<Line> lines_;
  std::thread thread_;
};

}  // namespace perigee
