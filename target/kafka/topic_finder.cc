#include "target/kafka/topic_finder.h"

#include <chrono>
#include <utility>

#include "target/kafka/gateway_client.h"

namespace perigee {
namespace {

constexpr std::chrono::milliseconds kLookEvery{250};
constexpr int kPatienceMs = 1000;

}  // namespace

TopicFinder::TopicFinder(const std::string& brokers, OnTopics on_topics)
    : on_topics_(std::move(on_topics)),
      handle_(make_gateway_client(RD_KAFKA_PRODUCER, brokers, {})),
      thread_([this] { look_until_end(); }) {}

TopicFinder::~TopicFinder() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void TopicFinder::look_until_end() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kLookEvery, [this] { return ending_; })) {
    lock.unlock();
    on_topics_(find());
    lock.lock();
  }
}

std::vector<std::string> TopicFinder::find() const {
  std::vector<std::string> names;
  const rd_kafka_metadata_t* found = nullptr;
  if (rd_kafka_metadata(handle_.get(), /*all_topics=*/1, nullptr, &found, kPatienceMs) !=
      kafka::kNoError) {
    return names;
  }
  for (int i = 0; i < found->topic_cnt; ++i)
    names.emplace_back(found->topics[i].topic);
  rd_kafka_metadata_destroy(found);
  return names;
}

}  // namespace perigee
