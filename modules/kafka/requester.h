// Sends requests over topics and waits for their replies.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "modules/kafka/consumer.h"
#include "modules/kafka/producer.h"
#include "modules/kafka/reply_hub.h"

namespace perigee::kafka {

struct RequesterSettings {
  Properties properties;
  std::vector<std::string> reply_topics;
  std::string error_topic{};         // without one all replies are good
  std::string correlation_header{};  // without one replies have the key of their request
};

// Waits for one reply, on its worker's thread.
class ReplyListener {
 public:
  virtual ~ReplyListener() = default;
  virtual void on_reply(const Reply& reply) = 0;
  // The request has not been delivered: there will be no reply.
  virtual void on_failure(ErrorCode error) = 0;
};

// One per worker. Used on its loop's thread.
class Requester final : private ReplyReceiver, private MessageListener {
 public:
  // The first worker of the hub reads the topics from their ends at this moment on; that waits for
  // the brokers. Throws std::runtime_error.
  Requester(const ClientContext& context, const RequesterSettings& settings, ReplyHub& hub,
            uint32_t worker);
  ~Requester() override;
  Requester(const Requester&) = delete;
  Requester& operator=(const Requester&) = delete;

  const RequesterSettings& settings() const { return settings_; }
  Producer& producer() { return producer_; }

  // Gives the request its id, as key or header, and sends it. An error is the client's own, and the
  // listener hears nothing then. `wait` becomes what `forget` needs.
  ErrorCode send(Record record, TagSetId context, ReplyListener& listener, uint64_t& wait);
  // Nobody waits any more: what comes is counted as late.
  void forget(uint64_t wait) { waits_.erase(wait); }

 private:
  // Follows a request to its broker; used again for another.
  class Sent final : public DeliveryListener {
   public:
    explicit Sent(Requester& requester) : requester_(requester) {}
    void on_delivery(const Delivery& delivery) override;
    uint64_t wait = 0;

   private:
    Requester& requester_;
  };

  void on_reply(uint64_t wait, const Reply& reply) override;
  bool on_message(const rd_kafka_message_t& message) override;
  bool on_pause() override { return false; }
  void on_served() override {}
  Sent& take_unused();
  void on_sent(uint64_t wait, ErrorCode error);
  std::optional<CorrelationId> id_of(const rd_kafka_message_t& message) const;
  std::unique_ptr<Consumer> make_consumer() const;

  ClientContext context_;
  const RequesterSettings settings_;
  ReplyHub& hub_;
  const uint32_t worker_;
  const std::shared_ptr<ReplyReceiver*> receiver_;  // this, as long as it lives
  std::deque<Sent> sent_;
  std::vector<Sent*> unused_;
  Producer producer_;
  std::unique_ptr<Consumer> consumer_;  // of the worker that reads for all
  uint64_t next_wait_ = 0;
  std::unordered_map<uint64_t, ReplyListener*> waits_;
};

}  // namespace perigee::kafka
