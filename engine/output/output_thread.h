// The thread that writes raw samples to their outputs.
#pragma once

#include <atomic>
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

  // Called on the thread as its last act.
  using OnEnd = std::function<void()>;

  // Starts at once. The queue must outlive it.
  OutputThread(SampleQueue& queue, std::vector<std::unique_ptr<SampleOutput>> outputs,
               OnFailure on_failure = {}, OnEnd on_end = {});
  OutputThread(const OutputThread&) = delete;
  OutputThread& operator=(const OutputThread&) = delete;
  // Waits as `finish` does; what failed is then never told.
  ~OutputThread();

  // Closes the queue, waits until all is written and the outputs are finished. One sentence for
  // each output that failed, with the number of samples it lacks; empty if every row is in its
  // place.
  std::vector<std::string> finish();

  // What it has done so far, in calls to outputs that have returned; whether one goes on. From any
  // thread.
  uint64_t calls_returned() const { return returned_; }
  bool in_call() const { return calling_ != kNoLine; }

  // One sentence for each output, with the number of samples it lacks at least, when an output does
  // not come back from a call. The thread can't be stopped any more: nothing of it may be
  // destroyed, so the program has to end without that.
  std::vector<std::string> give_up() const;

 private:
  static constexpr size_t kNoLine = static_cast<size_t>(-1);

  struct Line {
    std::unique_ptr<SampleOutput> output;
    std::string error;
    uint64_t missed = 0;
  };

  void run();
  void join();
  template <typename Call>
  void call(size_t line, Call use);
  void write(Line& line, const SampleBatch& batch);
  static void close(Line& line);

  SampleQueue& queue_;
  const OnFailure on_failure_;
  const OnEnd on_end_;
  std::vector<Line> lines_;
  std::atomic<uint64_t> returned_{0};
  std::atomic<size_t> calling_{kNoLine};  // the line whose output is called
  std::atomic<uint64_t> writing_{0};      // samples of the batch in hand
  std::thread thread_;
};

}  // namespace perigee
