#include "engine/output/sample_queue.h"

#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace perigee {
namespace {

SampleBatch batch_of(size_t samples, uint32_t worker = 0) {
  SampleBatch batch;
  batch.worker = worker;
  batch.samples.resize(samples);
  return batch;
}

TEST_CASE("batches come out in the order in which they went in") {
  SampleQueue queue;
  queue.push(batch_of(1, 5));
  queue.push(batch_of(1, 6));
  queue.close();
  CHECK(queue.pop()->worker == 5);
  CHECK(queue.pop()->worker == 6);
  CHECK_FALSE(queue.pop().has_value());
  CHECK(queue.waited() == Duration::zero());
}

TEST_CASE("a reader that waits is told of the end") {
  SampleQueue queue;
  bool ended = false;
  std::thread reader([&] { ended = !queue.pop().has_value(); });
  queue.close();
  reader.join();
  CHECK(ended);
}

TEST_CASE("who waits for room goes on without when nobody takes anything any more") {
  SampleQueue queue(QueueOverflow::kWait, 10);
  queue.push(batch_of(10));
  std::thread worker([&] { queue.push(batch_of(5)); });
  queue.stop_waiting();
  worker.join();
  CHECK(queue.held() == 10);
  CHECK(queue.dropped() == 5);
}

TEST_CASE("a batch larger than the queue passes when it is empty") {
  SampleQueue queue(QueueOverflow::kWait, 10);
  queue.push(batch_of(50));
  CHECK(queue.pop()->samples.size() == 50);
}

TEST_CASE("the load waits while the queue is full, and nothing is lost") {
  constexpr size_t kRoom = 100;
  constexpr int kBatches = 500;
  SampleQueue queue(QueueOverflow::kWait, kRoom);
  std::atomic<int> pushed = 0;
  std::vector<std::thread> workers;
  workers.reserve(4);
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      for (int k = 0; k < kBatches; ++k) {
        queue.push(batch_of(10));
        ++pushed;
      }
    });
  }
  size_t samples = 0;
  int popped = 0;
  bool bounded = true;
  for (; popped < 4 * kBatches; ++popped) {
    bounded = bounded && pushed - popped <= static_cast<int>(kRoom / 10);
    samples += queue.pop()->samples.size();
  }
  for (std::thread& worker : workers)
    worker.join();
  CHECK(bounded);
  CHECK(samples == 4 * kBatches * 10);
}

TEST_CASE("the time the load has waited is told, also while it waits") {
  SampleQueue queue(QueueOverflow::kWait, 1);
  queue.push(batch_of(1));
  std::thread worker([&] { queue.push(batch_of(1)); });
  while (queue.waited() == Duration::zero())
    std::this_thread::yield();
  CHECK(queue.pop()->samples.size() == 1);
  worker.join();
  const Duration waited = queue.waited();
  CHECK(waited > Duration::zero());
  CHECK(queue.waited() == waited);
}

TEST_CASE("a queue that may drop never holds the load up, and counts what it left out") {
  SampleQueue queue(QueueOverflow::kDrop, 10);
  queue.push(batch_of(8));
  queue.push(batch_of(5));
  queue.push(batch_of(2));
  CHECK(queue.dropped() == 5);
  CHECK(queue.waited() == Duration::zero());
  CHECK(queue.pop()->samples.size() == 8);
  queue.push(batch_of(5));
  CHECK(queue.dropped() == 5);
  CHECK(queue.pop()->samples.size() == 2);
  CHECK(queue.pop()->samples.size() == 5);
}

TEST_CASE("tag sets pass where samples are dropped: later samples use them") {
  SampleQueue queue(QueueOverflow::kDrop, 1);
  queue.push(batch_of(1));
  SampleBatch batch = batch_of(5);
  batch.new_tags.emplace_back(4, std::make_shared<const TagSet>());
  queue.push(std::move(batch));
  CHECK(queue.pop()->samples.size() == 1);
  const auto passed = queue.pop();
  CHECK(passed->samples.empty());
  CHECK(passed->new_tags.size() == 1);
}

TEST_CASE("a thread that must not wait gets its samples into a full queue") {
  SampleQueue queue(QueueOverflow::kWait, 1);
  queue.push(batch_of(1));
  queue.push_now(batch_of(2));
  CHECK(queue.waited() == Duration::zero());
  CHECK(queue.pop()->samples.size() == 1);
  CHECK(queue.pop()->samples.size() == 2);
}

}  // namespace
}  // namespace perigee
