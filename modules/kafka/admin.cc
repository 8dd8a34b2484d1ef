#include "modules/kafka/admin.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "modules/kafka/time_left.h"

namespace perigee::kafka {
namespace {

using nlohmann::json;

using MetadataPtr =
    std::unique_ptr<const rd_kafka_metadata_t, Destroyed<rd_kafka_metadata_destroy>>;
using NewTopicPtr = std::unique_ptr<rd_kafka_NewTopic_t, Destroyed<rd_kafka_NewTopic_destroy>>;
using DeleteTopicPtr =
    std::unique_ptr<rd_kafka_DeleteTopic_t, Destroyed<rd_kafka_DeleteTopic_destroy>>;
using OptionsPtr =
    std::unique_ptr<rd_kafka_AdminOptions_t, Destroyed<rd_kafka_AdminOptions_destroy>>;

HandlePtr make_handle(rd_kafka_type_t type, const Properties& properties) {
  std::array<char, 512> why{};
  ConfPtr conf = make_conf(properties_of(type, properties));
  // Errors are those of the calls.
  rd_kafka_conf_set_log_cb(conf.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
  HandlePtr handle(rd_kafka_new(type, conf.get(), why.data(), why.size()));
  if (!handle) throw std::runtime_error(std::string(why.data()));
  [[maybe_unused]] const rd_kafka_conf_t* taken = conf.release();
  return handle;
}

int milliseconds(Admin::Timeout timeout) {
  return static_cast<int>(timeout.count());
}

void check(ErrorCode error) {
  if (error != kNoError) throw BrokerError(error, message_of(error));
}

OptionsPtr make_options(rd_kafka_t* handle, rd_kafka_admin_op_t operation, Admin::Timeout timeout) {
  std::array<char, 512> why{};
  OptionsPtr options(rd_kafka_AdminOptions_new(handle, operation));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), milliseconds(timeout), why.data(),
                                            why.size());
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), milliseconds(timeout), why.data(),
                                              why.size());
  return options;
}

// The first topic that was not made or deleted.
void check_topics(const rd_kafka_topic_result_t** topics, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const ErrorCode error = rd_kafka_topic_result_error(topics[i]);
    if (error == kNoError) continue;
    const char* const text = rd_kafka_topic_result_error_string(topics[i]);
    throw BrokerError(error, text != nullptr ? text : message_of(error));
  }
}

json numbers(const int32_t* first, int count) {
  return std::vector<int32_t>(first, first + count);
}

json partitions_of(const rd_kafka_metadata_topic_t& topic) {
  json partitions = json::array();
  for (int i = 0; i < topic.partition_cnt; ++i) {
    const rd_kafka_metadata_partition_t& each = topic.partitions[i];
    partitions.push_back({{"partition", each.id},
                          {"leader", each.leader},
                          {"replicas", numbers(each.replicas, each.replica_cnt)},
                          {"isrs", numbers(each.isrs, each.isr_cnt)}});
  }
  std::sort(partitions.begin(), partitions.end(),
            [](const json& a, const json& b) { return a["partition"] < b["partition"]; });
  return partitions;
}

}  // namespace

Admin::Admin(const Properties& properties)
    // A producer's questions about a topic may have the brokers make it.
    : properties_(properties), handle_(make_handle(RD_KAFKA_CONSUMER, properties)) {}

// The result of what was asked for; the queue is the call's own.
EventPtr Admin::wait_for(rd_kafka_queue_t* queue, Timeout timeout) {
  // The library ends its calls by themselves a little later than their time-outs.
  constexpr int kSlackMs = 2000;
  EventPtr event(rd_kafka_queue_poll(queue, milliseconds(timeout) + kSlackMs));
  if (!event) throw BrokerError(RD_KAFKA_RESP_ERR__TIMED_OUT, "the brokers have not answered");
  if (rd_kafka_event_error(event.get()) != kNoError) {
    throw BrokerError(rd_kafka_event_error(event.get()), rd_kafka_event_error_string(event.get()));
  }
  return event;
}

void Admin::create_topic(const TopicSpec& topic, Timeout timeout) {
  std::array<char, 512> why{};
  const NewTopicPtr made(rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions,
                                               topic.replication_factor, why.data(), why.size()));
  if (!made) throw BrokerError(RD_KAFKA_RESP_ERR__INVALID_ARG, why.data());
  for (const auto& [name, value] : topic.config)
    rd_kafka_NewTopic_set_config(made.get(), name.c_str(), value.c_str());
  const QueuePtr queue(rd_kafka_queue_new(handle_.get()));
  rd_kafka_NewTopic_t* list[] = {made.get()};
  rd_kafka_CreateTopics(handle_.get(), list, 1,
                        make_options(handle_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout).get(),
                        queue.get());
  const EventPtr event = wait_for(queue.get(), timeout);
  size_t count = 0;
  const auto* const result = rd_kafka_event_CreateTopics_result(event.get());
  const rd_kafka_topic_result_t** const topics =
      rd_kafka_CreateTopics_result_topics(result, &count);
  check_topics(topics, count);
}

void Admin::delete_topic(const std::string& name, Timeout timeout) {
  const DeleteTopicPtr topic(rd_kafka_DeleteTopic_new(name.c_str()));
  const QueuePtr queue(rd_kafka_queue_new(handle_.get()));
  rd_kafka_DeleteTopic_t* list[] = {topic.get()};
  rd_kafka_DeleteTopics(handle_.get(), list, 1,
                        make_options(handle_.get(), RD_KAFKA_ADMIN_OP_DELETETOPICS, timeout).get(),
                        queue.get());
  const EventPtr event = wait_for(queue.get(), timeout);
  size_t count = 0;
  const auto* const result = rd_kafka_event_DeleteTopics_result(event.get());
  const rd_kafka_topic_result_t** const topics =
      rd_kafka_DeleteTopics_result_topics(result, &count);
  check_topics(topics, count);
}

nlohmann::json Admin::metadata(const std::string& topic, Timeout timeout) {
  const TopicPtr one(topic.empty() ? nullptr
                                   : rd_kafka_topic_new(handle_.get(), topic.c_str(), nullptr));
  const rd_kafka_metadata_t* found = nullptr;
  check(rd_kafka_metadata(handle_.get(), one ? 0 : 1, one.get(), &found, milliseconds(timeout)));
  const MetadataPtr owned(found);
  json brokers = json::array();
  for (int i = 0; i < found->broker_cnt; ++i) {
    const rd_kafka_metadata_broker_t& each = found->brokers[i];
    brokers.push_back({{"id", each.id}, {"host", each.host}, {"port", each.port}});
  }
  json topics = json::object();
  for (int i = 0; i < found->topic_cnt; ++i) {
    if (one) check(found->topics[i].err);
    topics[found->topics[i].topic] = partitions_of(found->topics[i]);
  }
  return {{"brokers", brokers}, {"topics", topics}};
}

nlohmann::json Admin::offsets(const std::string& topic, Timeout timeout) {
  const TimeLeft left(timeout);
  const json partitions = metadata(topic, timeout)["topics"][topic];
  json offsets = json::array();
  for (const json& each : partitions) {
    const auto partition = each["partition"].get<int32_t>();
    int64_t first = 0;
    int64_t next = 0;
    check(rd_kafka_query_watermark_offsets(handle_.get(), topic.c_str(), partition, &first, &next,
                                           left.ms()));
    offsets.push_back({{"partition", partition}, {"first", first}, {"next", next}});
  }
  return offsets;
}

nlohmann::json Admin::group_lag(const std::string& group, const std::string& topic,
                                Timeout timeout) {
  const TimeLeft left(timeout);
  json lags = offsets(topic, timeout);
  Properties properties = properties_;
  properties["group.id"] = group;
  const HandlePtr member = make_handle(RD_KAFKA_CONSUMER, properties);
  const PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(lags.size())));
  for (const json& each : lags)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), each["partition"].get<int32_t>());
  check(rd_kafka_committed(member.get(), list.get(), left.ms()));
  for (int i = 0; i < list->cnt; ++i) {
    json& each = lags[static_cast<size_t>(i)];
    const int64_t committed = list->elems[i].offset;
    if (committed >= 0) each["committed"] = committed;
    const int64_t from = committed >= 0 ? committed : each["first"].get<int64_t>();
    each["lag"] = each["next"].get<int64_t>() - from;
    each.erase("first");
  }
  return lags;
}

}  // namespace perigee::kafka
