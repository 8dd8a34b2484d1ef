// How many messages lie at a broker, by its own account.
#pragma once

#include <stdexcept>
#include <string>

#include "modules/kafka/properties.h"

namespace perigee {

// The messages of a topic's partitions, asked for by a client of its own.
inline int64_t broker_count(const std::string& servers, const std::string& topic, int partitions) {
  kafka::ConfPtr conf = kafka::make_conf({{"bootstrap.servers", servers}});
  const kafka::HandlePtr client(
      rd_kafka_new(RD_KAFKA_PRODUCER, conf.release(), /*errstr=*/nullptr, 0));
  constexpr int kPatienceMs = 10'000;
  int64_t count = 0;
  for (int32_t partition = 0; partition < partitions; ++partition) {
    int64_t low = 0;
    int64_t high = 0;
    const kafka::ErrorCode error = rd_kafka_query_watermark_offsets(
        client.get(), topic.c_str(), partition, &low, &high, kPatienceMs);
    if (error != kafka::kNoError) throw std::runtime_error(kafka::message_of(error));
    count += high - low;
  }
  return count;
}

}  // namespace perigee
