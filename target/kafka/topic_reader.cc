#include "target/kafka/topic_reader.h"

#include <utility>

#include "target/kafka/gateway_client.h"

namespace perigee {
namespace {

// Messages of a turn of the loop, which others use as well.
constexpr int kMessagesPerTurn = 200;
constexpr int64_t kFirstOffset = 0;

// The mock cluster looks for messages when a fetch begins, and then not until its time is over.
// It drops the first messages of a partition that has more than some megabytes.
const kafka::Properties kReading{
    {"fetch.wait.max.ms", "5"}, {"group.id", "perigee"}, {"auto.offset.reset", "earliest"}};

}  // namespace

TopicReader::TopicReader(Loop& loop, const std::string& brokers, OnMessage on_message)
    : on_message_(std::move(on_message)),
      handle_(make_gateway_client(RD_KAFKA_CONSUMER, brokers, kReading)),
      queue_(loop, kafka::QueuePtr(rd_kafka_queue_new(handle_.get())), [this] { on_ready(); }) {}

TopicReader::~TopicReader() {
  for (const Topic& topic : topics_) {
    for (int32_t partition = 0; partition < topic.partitions; ++partition)
      rd_kafka_consume_stop(topic.handle.get(), partition);
  }
}

void TopicReader::read(const std::string& topic, int partitions) {
  topics_.push_back(
      {kafka::TopicPtr(rd_kafka_topic_new(handle_.get(), topic.c_str(), nullptr)), partitions});
  rd_kafka_topic_t* const handle = topics_.back().handle.get();
  for (int32_t partition = 0; partition < partitions; ++partition)
    rd_kafka_consume_start_queue(handle, partition, kFirstOffset, queue_.get());
}

void TopicReader::on_ready() {
  for (int i = 0; i < kMessagesPerTurn; ++i) {
    const kafka::EventPtr event = queue_.next();
    if (!event) return;
    if (rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_FETCH) continue;
    const rd_kafka_message_t* const message = rd_kafka_event_message_next(event.get());
    if (message == nullptr || message->err != kafka::kNoError) continue;
    on_message_(*message);
  }
  queue_.ask_again();
}

}  // namespace perigee
