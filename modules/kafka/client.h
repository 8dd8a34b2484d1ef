// A client of librdkafka on a loop: its events, its log and its statistics.
#pragma once

#include <optional>
#include <string_view>

#include "engine/base/log.h"
#include "engine/loop/loop.h"
#include "modules/kafka/event_queue.h"
#include "modules/kafka/lag_board.h"
#include "modules/kafka/metrics.h"
#include "modules/kafka/properties.h"
#include "modules/kafka/rdkafka.h"
#include "modules/kafka/statistics.h"

namespace perigee::kafka {

// What clients of one worker work with; all of it outlives them.
struct ClientContext {
  Loop& loop;
  Log& log;
  KafkaMetrics& metrics;
  LagBoard* lags = nullptr;  // where consumers' lags are added up, if they are
};

// What a client reports of its queue, on its loop's thread.
class ClientEvents {
 public:
  virtual ~ClientEvents() = default;
  // The queue has something: take it by `Client::next`.
  virtual void on_ready() = 0;
  virtual void on_statistics(std::string_view /*text*/) {}
  // What came by a consumer's main queue, such as a commit's end.
  virtual void on_event(rd_kafka_event_t* /*event*/) {}
};

// Used on its loop's thread only.
class Client {
 public:
  // `events` are the kinds (RD_KAFKA_EVENT_...) that `next` returns beside errors, logs and
  // statistics, which it deals with. Throws std::runtime_error.
  Client(const ClientContext& context, rd_kafka_type_t type, const Properties& properties,
         int events, ClientEvents& listener);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The next event of the kinds asked for, or null.
  EventPtr next();
  // Has `on_ready` called on a later turn.
  void ask_again() { queue_.ask_again(); }

  rd_kafka_t* get() { return handle_.get(); }
  rd_kafka_queue_t* queue() { return queue_.get(); }
  // Of a consumer: where events don't wait behind messages that nobody reads.
  rd_kafka_queue_t* main_queue() { return main_->get(); }

 private:
  struct DestroyHandle {
    void operator()(rd_kafka_t* handle) const {
      rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    }
  };
  using Handle = std::unique_ptr<rd_kafka_t, DestroyHandle>;

  static Handle make_handle(rd_kafka_type_t type, const Properties& properties, int events);
  static QueuePtr take_queue(rd_kafka_t* handle, rd_kafka_type_t type);
  void serve_main();
  // Whether it was one of those that every client has.
  bool handle_common(rd_kafka_event_t* event);
  void log_line(rd_kafka_event_t* event);
  void report_error(rd_kafka_event_t* event);
  const char* hint_for(ErrorCode code, std::string_view text) const;

  ClientContext context_;
  const bool scram_;
  ClientEvents& listener_;
  Statistics statistics_;
  Handle handle_;
  EventQueue queue_;
  std::optional<EventQueue> main_;  // of consumers, beside the queue of their messages
};

}  // namespace perigee::kafka
