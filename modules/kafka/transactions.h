// The transactions of one producer. Each function waits for the brokers: not for the threads of
// loops.
#pragma once

#include <chrono>
#include <mutex>

#include "modules/kafka/broker_error.h"
#include "modules/kafka/rdkafka.h"

namespace perigee::kafka {

// Thread-safe: what comes while a call is under way waits for it. All throw BrokerError.
class Transactions {
 public:
  using Timeout = std::chrono::milliseconds;

  // The first one asks the brokers for the producer's number. Aborts one that is open.
  void begin(rd_kafka_t* producer, Timeout timeout);
  void commit(rd_kafka_t* producer, Timeout timeout);
  void abort(rd_kafka_t* producer, Timeout timeout);
  // The offsets of a group become part of the transaction.
  void send_offsets(rd_kafka_t* producer, const rd_kafka_topic_partition_list_t* offsets,
                    const rd_kafka_consumer_group_metadata_t* group, Timeout timeout);

  bool open() const;
  // The producer is another one from now on.
  void forget();

 private:
  void abort_locked(rd_kafka_t* producer, Timeout timeout);

  mutable std::mutex mutex_;
  bool initialized_ = false;
  bool open_ = false;
  bool failed_ = false;  // nothing but an abort is possible
};

}  // namespace perigee::kafka
