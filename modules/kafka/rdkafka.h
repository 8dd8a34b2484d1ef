// librdkafka's handles with owners, and the only file that includes the library.
#pragma once

#include <memory>
#include <string>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

namespace perigee::kafka {

template <auto Destroy>
struct Destroyed {
  template <typename T>
  void operator()(T* handle) const {
    Destroy(handle);
  }
};

using ConfPtr = std::unique_ptr<rd_kafka_conf_t, Destroyed<rd_kafka_conf_destroy>>;
using EventPtr = std::unique_ptr<rd_kafka_event_t, Destroyed<rd_kafka_event_destroy>>;
using GroupMetadataPtr = std::unique_ptr<rd_kafka_consumer_group_metadata_t,
                                         Destroyed<rd_kafka_consumer_group_metadata_destroy>>;
using HandlePtr = std::unique_ptr<rd_kafka_t, Destroyed<rd_kafka_destroy>>;
using HeadersPtr = std::unique_ptr<rd_kafka_headers_t, Destroyed<rd_kafka_headers_destroy>>;
using LibraryErrorPtr = std::unique_ptr<rd_kafka_error_t, Destroyed<rd_kafka_error_destroy>>;
using MockClusterPtr =
    std::unique_ptr<rd_kafka_mock_cluster_t, Destroyed<rd_kafka_mock_cluster_destroy>>;
using PartitionsPtr = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                      Destroyed<rd_kafka_topic_partition_list_destroy>>;
using QueuePtr = std::unique_ptr<rd_kafka_queue_t, Destroyed<rd_kafka_queue_destroy>>;
using TopicPtr = std::unique_ptr<rd_kafka_topic_t, Destroyed<rd_kafka_topic_destroy>>;

using ErrorCode = rd_kafka_resp_err_t;
inline constexpr ErrorCode kNoError = RD_KAFKA_RESP_ERR_NO_ERROR;

// "MSG_SIZE_TOO_LARGE"; the client's own, which no broker has sent, begin with "_".
inline const char* name_of(ErrorCode code) {
  return rd_kafka_err2name(code);
}

// "Broker: Message size too large".
inline const char* message_of(ErrorCode code) {
  return rd_kafka_err2str(code);
}

}  // namespace perigee::kafka
