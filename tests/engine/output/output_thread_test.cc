#include "engine/output/output_thread.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace perigee {
namespace {

// Counts what it is given, and fails where it is told to.
struct Recording {
  size_t samples = 0;
  bool finished = false;
  size_t room = SIZE_MAX;
  bool fails_to_finish = false;
};

class RecordingOutput final : public SampleOutput {
 public:
  explicit RecordingOutput(Recording& recording) : recording_(recording) {}

  std::string name() const override { return "csv (rows.csv)"; }
  void write(const SampleBatch& batch) override {
    if (recording_.samples + batch.samples.size() > recording_.room) {
      throw std::runtime_error("can't write rows.csv: No space left on device");
    }
    recording_.samples += batch.samples.size();
  }
  void finish() override {
    if (recording_.fails_to_finish) throw std::runtime_error("can't write rows.csv: Broken pipe");
    recording_.finished = true;
  }

 private:
  Recording& recording_;
};

std::vector<std::unique_ptr<SampleOutput>> outputs_to(
    std::initializer_list<Recording*> recordings) {
  std::vector<std::unique_ptr<SampleOutput>> outputs;
  for (Recording* recording : recordings) {
    outputs.push_back(std::make_unique<RecordingOutput>(*recording));
  }
  return outputs;
}

void push(SampleQueue& queue, int batches) {
  for (int i = 0; i < batches; ++i) {
    SampleBatch batch;
    batch.samples.resize(10);
    queue.push(std::move(batch));
  }
}

TEST_CASE("every sample reaches every output, and the outputs are finished") {
  SampleQueue queue;
  Recording first;
  Recording second;
  OutputThread thread(queue, outputs_to({&first, &second}));
  push(queue, 20);
  CHECK(thread.finish().empty());
  CHECK(first.samples == 200);
  CHECK(second.samples == 200);
  CHECK(first.finished);
  CHECK(second.finished);
}

TEST_CASE("an output that fails is told with what it misses, the others go on") {
  SampleQueue queue(QueueOverflow::kWait, 50);
  Recording full{.room = 30};
  Recording whole;
  OutputThread thread(queue, outputs_to({&full, &whole}));
  push(queue, 20);
  CHECK(thread.finish() == std::vector<std::string>{
                               "csv (rows.csv) is incomplete: can't write rows.csv: No space left "
                               "on device (170 samples are missing)"});
  CHECK(full.samples == 30);
  CHECK_FALSE(full.finished);
  CHECK(whole.samples == 200);
}

TEST_CASE("an output that fails is told at once, and once") {
  SampleQueue queue;
  Recording full{.room = 30};
  std::vector<std::string> told;
  OutputThread thread(queue, outputs_to({&full}),
                      [&](const std::string& sentence) { told.push_back(sentence); });
  push(queue, 20);
  thread.finish();
  CHECK(told == std::vector<std::string>{"csv (rows.csv): can't write rows.csv: No space left on "
                                         "device"});
}

TEST_CASE("an output that fails at its end is told too") {
  SampleQueue queue;
  Recording recording{.fails_to_finish = true};
  OutputThread thread(queue, outputs_to({&recording}));
  push(queue, 1);
  CHECK(thread.finish() == std::vector<std::string>{"csv (rows.csv) is incomplete: can't write "
                                                    "rows.csv: Broken pipe"});
}

TEST_CASE("a thread that is dropped without a word leaves nothing running") {
  SampleQueue queue;
  Recording recording;
  {
    const OutputThread thread(queue, outputs_to({&recording}));
    push(queue, 3);
  }
  CHECK(recording.samples == 30);
  CHECK(recording.finished);
}

}  // namespace
}  // namespace perigee
