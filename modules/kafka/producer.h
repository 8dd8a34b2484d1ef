// Sends messages by librdkafka and follows each to its end: delivered, failed or interrupted.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/loop/timer_queue.h"
#include "modules/kafka/client.h"
#include "modules/kafka/record.h"

namespace perigee::kafka {

// What has become of a message.
struct Delivery {
  ErrorCode error = kNoError;
  int32_t partition = -1;  // this and the next only without an error
  int64_t offset = -1;     // -1 with acks=0: nobody has told
  Duration latency{};
};

// Hears of one message; must live until then, or as long as the producer.
class DeliveryListener {
 public:
  virtual ~DeliveryListener() = default;
  virtual void on_delivery(const Delivery& delivery) = 0;
};

// Waits for room in a full queue.
class RoomListener {
 public:
  virtual ~RoomListener() = default;
  virtual void on_room() = 0;
};

struct ProducerSettings {
  Properties properties;
  bool stamped = false;  // each message has `kSentHeader`
};

// Used on its loop's thread only.
class Producer final : private ClientEvents {
 public:
  // Throws std::runtime_error.
  Producer(const ClientContext& context, const ProducerSettings& settings);
  ~Producer() override;
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  // Hands a message to the queue. If that is full and `may_wait`, nothing is counted as long as
  // deliveries are to come that make room (`await_room`). Another error is counted as a failure of
  // the message, and its listener hears nothing.
  ErrorCode produce(const Record& record, TagSetId context, DeliveryListener* listener,
                    bool may_wait);
  // Whether a message that found the queue full may be tried again.
  bool will_have_room() const { return outstanding_ > 0; }
  // Calls back once on a later turn, when the queue has room again.
  void await_room(RoomListener& listener) { waiting_for_room_.push_back(&listener); }
  void forget(RoomListener& listener);

  // Messages that are on their way.
  size_t outstanding() const { return outstanding_; }
  // Calls `done` when no message is on its way any more. Those that are at `until` are interrupted.
  void flush(Instant until, std::function<void()> done);
  // Ends a flush: what is on its way is interrupted now.
  void cut_flush();

  Client& client() { return client_; }

 private:
  struct Topic {
    TopicPtr handle;
    TopicId id = 0;
  };
  // A message on its way; used again for another when it has ended.
  struct InFlight {
    Instant produced{};
    TopicSeriesId series = 0;
    bool live = false;
    DeliveryListener* listener = nullptr;
    InFlight* next_unused = nullptr;
  };

  void on_ready() override;
  void on_deliveries(rd_kafka_event_t* event);
  void on_delivery(const rd_kafka_message_t& message, Instant now);
  void report_deliveries();
  Topic& topic_of(std::string_view name);
  ErrorCode enqueue(const Record& record, Topic& topic, InFlight& message);
  ErrorCode enqueue_with_headers(const Record& record, Topic& topic, InFlight& message);
  InFlight& take_unused();
  void put_back(InFlight& message);
  void count_failure(TopicSeriesId series, size_t bytes, ErrorCode error, Instant now);
  bool has_room() const;
  void serve_waiting();
  void on_flush_timer();
  void give_up_rest();
  void end_flush();

  ClientContext context_;
  const bool stamped_;
  Client client_;
  std::unordered_map<std::string, Topic> topics_;
  std::string last_name_;
  Topic* last_topic_ = nullptr;
  std::deque<InFlight> messages_;
  InFlight* unused_ = nullptr;
  size_t outstanding_ = 0;
  size_t full_at_ = 0;  // messages on their way when the queue was full last
  std::deque<RoomListener*> waiting_for_room_;
  struct Heard {
    DeliveryListener* listener;
    Delivery delivery;
  };
  std::vector<Heard> heard_;
  std::function<void()> flushed_;
  bool purged_ = false;
  Timer flush_timer_;
};

}  // namespace perigee::kafka
