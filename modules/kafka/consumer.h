// Reads messages by librdkafka, as a member of a group or from partitions that it was given.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "modules/kafka/client.h"

namespace perigee::kafka {

struct PartitionOffset {
  std::string topic;
  int32_t partition = 0;
  // A number from 0 on, or one of RD_KAFKA_OFFSET_BEGINNING, _END, _STORED.
  int64_t offset = RD_KAFKA_OFFSET_STORED;
};

struct ConsumerSettings {
  Properties properties;
  // One of the two has elements: topics for a group, or partitions.
  std::vector<std::string> topics{};
  std::vector<PartitionOffset> partitions{};
};

// How far a group's member is, for a transaction.
struct GroupOffsets {
  PartitionsPtr offsets;
  GroupMetadataPtr group;
};

// Wants messages, in turn with others.
class MessageListener {
 public:
  virtual ~MessageListener() = default;
  // The message is good within the call. False if no other one is wanted: then this hears no more,
  // and goes on in `on_served`.
  virtual bool on_message(const rd_kafka_message_t& message) = 0;
  // There are no more messages at the moment. True if this one goes without more.
  virtual bool on_pause() = 0;
  // It has left the queue.
  virtual void on_served() = 0;
};

// Throws std::runtime_error if no consumer can be made of the settings.
void validate(const ConsumerSettings& settings);

// Hears of a commit's end.
class CommitListener {
 public:
  virtual ~CommitListener() = default;
  virtual void on_commit(ErrorCode error) = 0;
};

// Used on its loop's thread only.
class Consumer final : private ClientEvents {
 public:
  // Subscribes, or takes its partitions. Throws std::runtime_error.
  Consumer(const ClientContext& context, const ConsumerSettings& settings);
  // Leaves its group, which takes a moment.
  ~Consumer() override;
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  // The listener hears of messages from a later turn on, when those who came before it have left.
  void add(MessageListener& listener);
  void remove(MessageListener& listener);

  // The partitions that it reads now; none before its group has given it some.
  std::vector<PartitionOffset> assignment();
  // `on_assigned` is called once on a later turn when it reads partitions.
  void await_assignment(const void* who, std::function<void()> on_assigned);
  void forget(const void* who);

  // The offset behind the last message that was read; nothing before the first.
  std::optional<int64_t> position(const std::string& topic, int32_t partition);
  // Goes on from an offset. Throws std::runtime_error for a partition that it does not read.
  void seek(const PartitionOffset& to);
  // Commits what was read. The listener hears on a later turn, and must live until then.
  void commit(CommitListener& listener);
  // The places behind what was read. Throws std::runtime_error.
  GroupOffsets group_offsets();
  // The messages between its place and the ends of its partitions, as far as is known.
  TopicLags lags();
  int64_t lag();
  // Adds the lags to those of the run's other consumers, and records the sums.
  void record_lags();

 private:
  struct Assigned {
    const void* who;
    std::function<void()> callback;
  };

  void on_ready() override;
  void on_statistics(std::string_view text) override;
  void on_event(rd_kafka_event_t* event) override;
  bool fetch();
  void serve();
  void deliver();
  void drop_held(const PartitionOffset& partition);
  void on_rebalance(rd_kafka_event_t* event);
  void report_assigned();
  void leave();

  ClientContext context_;
  const bool read_committed_;
  Client client_;
  EventPtr held_;  // a message that nobody has wanted yet
  const std::string group_;
  PartitionStates states_;  // by the last statistics
  bool assigned_ = false;
  std::deque<MessageListener*> listeners_;
  std::vector<Assigned> waiting_;
};

}  // namespace perigee::kafka
