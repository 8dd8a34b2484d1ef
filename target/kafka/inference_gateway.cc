#include "target/kafka/inference_gateway.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace perigee {
namespace {

// How soon the topics of what was loaded meanwhile are read.
constexpr Duration kLookEvery = std::chrono::milliseconds(20);
// Each fetch names all partitions, several hundred times a second.
constexpr size_t kMaxServed = 2000;
// Of topics that the gateway makes, and of those that the mock cluster makes for clients.
constexpr int kPartitions = 1;
constexpr int kPartitionsOfOthers = 4;

constexpr const char* kInferType = "seldon-infer-type";
constexpr const char* kFailedModel = "seldon-pipeline-errors";
constexpr const char* kRequestId = "x-request-id";

std::string_view bytes_of(const void* bytes, size_t size) {
  return {static_cast<const char*>(bytes), bytes == nullptr ? 0 : size};
}

// The last header of this name, or nothing.
std::string_view header(const rd_kafka_headers_t* headers, const char* name) {
  const void* value = nullptr;
  size_t size = 0;
  if (headers == nullptr ||
      rd_kafka_header_get_last(headers, name, &value, &size) != kafka::kNoError) {
    return {};
  }
  return bytes_of(value, size);
}

void set_header(rd_kafka_headers_t* headers, std::string_view name, std::string_view value) {
  rd_kafka_header_remove(headers, std::string(name).c_str());
  rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                      static_cast<ssize_t>(value.size()));
}

// A copy, for the reply.
kafka::HeadersPtr headers_of(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != kafka::kNoError) {
    return kafka::HeadersPtr(rd_kafka_headers_new(2));
  }
  return kafka::HeadersPtr(rd_kafka_headers_copy(headers));
}

}  // namespace

InferenceGateway::InferenceGateway(const KafkaContext& context, kafka::MockCluster& cluster,
                                   std::string root)
    : context_(context),
      cluster_(cluster),
      root_(std::move(root)),
      errors_(errors_topic(root_)),
      inference_(context.repository),
      writer_(cluster.bootstrap()),
      reader_(context.loop, cluster.bootstrap(),
              [this](const rd_kafka_message_t& message) { on_message(message); }),
      due_(context.loop.timers(), [this] { send_due(); }),
      look_(context.loop.timers(), [this] { follow(); }),
      finder_(cluster.bootstrap(), [this](std::vector<std::string> topics) {
        context_.loop.post([this, topics = std::move(topics)] { serve_all(topics); });
      }) {
  make_topic(errors_);
  follow();
}

void InferenceGateway::follow() {
  const uint64_t revision = context_.repository.revision();
  if (revision != revision_ || served_.empty()) {
    for (const std::string& routed : context_.repository.served())
      serve(routed);
    revision_ = revision;
  }
  look_.start(context_.loop.now() + kLookEvery);
}

// What was never loaded has topics, too, if a client asks it for something: it answers with errors.
void InferenceGateway::serve_all(const std::vector<std::string>& topics) {
  for (const std::string& topic : topics) {
    const std::string routed = routed_by_inputs(root_, topic);
    if (!routed.empty()) serve(routed);
  }
}

void InferenceGateway::serve(const std::string& routed) {
  const ServedName name = served_name(routed);
  const std::string inputs = inputs_topic(root_, name);
  if (served_.contains(inputs) || !is_topic_name(outputs_topic(root_, name))) return;
  if (served_.size() == kMaxServed) {
    return context_.log.once(
        LogLevel::kWarning, "kafka served",
        fmt::format("--kafka: {} models and pipelines are answered over topics, which is as many "
                    "as there may be; {} and others are not",
                    kMaxServed, routed));
  }
  const std::string outputs = outputs_topic(root_, name);
  served_.emplace(inputs, Served{routed, name.name, outputs, make_topic(outputs)});
  reader_.read(inputs, make_topic(inputs));
}

// How many partitions it has.
int InferenceGateway::make_topic(const std::string& topic) {
  return cluster_.create_topic(topic, kPartitions) ? kPartitions : kPartitionsOfOthers;
}

void InferenceGateway::on_message(const rd_kafka_message_t& message) {
  const auto served = served_.find(rd_kafka_topic_name(message.rkt));
  if (served == served_.end()) return;
  const Instant at = context_.loop.now();
  context_.stats.kafka().arrived();
  OutgoingMessage reply = answer(served->second, message, at);
  const Instant due = context_.behaviour.after_stall(at + context_.behaviour.next_latency());
  if (due <= at) return send(std::move(reply));
  delayed_.emplace(due, std::move(reply));
  due_.start(delayed_.begin()->first);
}

OutgoingMessage InferenceGateway::answer(const Served& served, const rd_kafka_message_t& message,
                                         Instant at) {
  kafka::HeadersPtr headers = headers_of(message);
  const std::string_view key = bytes_of(message.key, message.key_len);
  OutgoingMessage reply{.topic = served.outputs,
                        .partition = message.partition % served.output_partitions,
                        .key = std::string(key),
                        .has_key = message.key != nullptr,
                        .value = {},
                        .headers = {}};
  try {
    if (context_.behaviour.next_fails()) {
      throw std::runtime_error("failed on purpose (--error-rate)");
    }
    const std::string_view value = bytes_of(message.payload, message.len);
    const std::string_view type = header(headers.get(), kInferType);
    const ValueForm form = value_form(type, value);
    reply.value =
        inference_.infer({served.routed, value, form, header(headers.get(), kRequestId)}, at);
    if (!type.empty()) {
      set_header(headers.get(), kInferType,
                 form == ValueForm::kJson ? "json/inferModelResponse" : "proto/InferModelResponse");
    }
  } catch (const std::runtime_error& error) {
    reply.topic = errors_;
    reply.partition = RD_KAFKA_PARTITION_UA;
    reply.value = error.what();
    set_header(headers.get(), kFailedModel, served.name);
  }
  reply.headers = std::move(headers);
  return reply;
}

void InferenceGateway::send_due() {
  const Instant now = context_.loop.now();
  while (!delayed_.empty() && delayed_.begin()->first <= now)
    send(std::move(delayed_.extract(delayed_.begin()).mapped()));
  if (!delayed_.empty()) due_.start(delayed_.begin()->first);
}

void InferenceGateway::send(OutgoingMessage message) {
  const bool failed = message.topic == errors_;
  if (!writer_.write(std::move(message))) {
    return context_.log.limited(LogLevel::kWarning, "kafka reply",
                                "--kafka: a reply can't be written: too many are on their way");
  }
  if (failed) {
    context_.stats.kafka().failed();
  } else {
    context_.stats.kafka().replied();
  }
}

}  // namespace perigee
