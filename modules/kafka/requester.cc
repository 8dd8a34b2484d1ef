#include "modules/kafka/requester.h"

#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "modules/kafka/admin.h"

// One consumer reads the replies of a whole run: it is on the first worker, has all partitions, no
// group, and begins where the topics end before the load begins. A request's id says which worker's
// which wait it is for, so that a reply is one message from thread to thread.

namespace perigee::kafka {
namespace {

constexpr Admin::Timeout kPatience{10'000};

void add_ends(Admin& admin, const std::string& topic, std::vector<PartitionOffset>& partitions) {
  if (topic.empty()) return;
  try {
    for (const nlohmann::json& each : admin.offsets(topic, kPatience)) {
      partitions.push_back({topic, each["partition"].get<int32_t>(), each["next"].get<int64_t>()});
    }
  } catch (const BrokerError& error) {
    throw std::runtime_error(
        fmt::format("the topic \"{}\" can't be read: {}", topic, error.what()));
  }
}

std::optional<std::string> copy_of(const void* bytes, size_t size) {
  if (bytes == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(bytes), size);
}

Reply copy_of(const rd_kafka_message_t& message) {
  Reply reply{.topic = rd_kafka_topic_name(message.rkt),
              .key = copy_of(message.key, message.key_len),
              .value = copy_of(message.payload, message.len)};
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != kNoError) return reply;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == kNoError; ++i)
    reply.headers.emplace_back(name, copy_of(value, size).value_or(""));
  return reply;
}

}  // namespace

void Requester::Sent::on_delivery(const Delivery& delivery) {
  requester_.unused_.push_back(this);
  if (delivery.error != kNoError) requester_.on_sent(wait, delivery.error);
}

Requester::Requester(const ClientContext& context, const RequesterSettings& settings, ReplyHub& hub,
                     uint32_t worker)
    : context_(context),
      settings_(settings),
      hub_(hub),
      worker_(worker),
      receiver_(std::make_shared<ReplyReceiver*>(static_cast<ReplyReceiver*>(this))),
      producer_(context, {.properties = properties_of(RD_KAFKA_PRODUCER, settings.properties)}) {
  if (!hub.join(worker, context.loop, receiver_)) return;
  consumer_ = make_consumer();
  consumer_->add(*this);
}

Requester::~Requester() {
  *receiver_ = nullptr;
}

std::unique_ptr<Consumer> Requester::make_consumer() const {
  ConsumerSettings reading{.properties = properties_of(RD_KAFKA_CONSUMER, settings_.properties)};
  // No group: all partitions are this consumer's.
  reading.properties.erase("group.id");
  Admin admin(settings_.properties);
  for (const std::string& topic : settings_.reply_topics)
    add_ends(admin, topic, reading.partitions);
  add_ends(admin, settings_.error_topic, reading.partitions);
  return std::make_unique<Consumer>(context_, reading);
}

ErrorCode Requester::send(Record record, TagSetId context, ReplyListener& listener,
                          uint64_t& wait) {
  wait = next_wait_++;
  const std::string id = write_correlation_id(hub_.run(), {worker_, wait});
  if (settings_.correlation_header.empty()) {
    record.key = id;
  } else {
    record.headers.emplace_back(settings_.correlation_header, id);
  }
  Sent& sent = take_unused();
  sent.wait = wait;
  const ErrorCode error = producer_.produce(record, context, &sent, /*may_wait=*/false);
  if (error == kNoError) {
    waits_[wait] = &listener;
  } else {
    unused_.push_back(&sent);
  }
  return error;
}

Requester::Sent& Requester::take_unused() {
  if (unused_.empty()) return sent_.emplace_back(*this);
  Sent& sent = *unused_.back();
  unused_.pop_back();
  return sent;
}

void Requester::on_sent(uint64_t wait, ErrorCode error) {
  const auto found = waits_.find(wait);
  if (found == waits_.end()) return;
  ReplyListener* const listener = found->second;
  waits_.erase(found);
  listener->on_failure(error);
}

void Requester::on_reply(uint64_t wait, const Reply& reply) {
  const auto found = waits_.find(wait);
  if (found == waits_.end()) {
    return context_.metrics.record_stray_reply("late", context_.loop.now());
  }
  ReplyListener* const listener = found->second;
  waits_.erase(found);
  listener->on_reply(reply);
}

std::optional<CorrelationId> Requester::id_of(const rd_kafka_message_t& message) const {
  if (settings_.correlation_header.empty()) {
    const std::string_view key(static_cast<const char*>(message.key), message.key_len);
    return read_correlation_id(hub_.run(), message.key == nullptr ? "" : key);
  }
  rd_kafka_headers_t* headers = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  if (rd_kafka_message_headers(&message, &headers) != kNoError ||
      rd_kafka_header_get_last(headers, settings_.correlation_header.c_str(), &value, &size) !=
          kNoError) {
    return std::nullopt;
  }
  return read_correlation_id(hub_.run(), {static_cast<const char*>(value), size});
}

bool Requester::on_message(const rd_kafka_message_t& message) {
  const std::optional<CorrelationId> id = id_of(message);
  if (!id || !hub_.hand_over(*id, copy_of(message))) {
    context_.metrics.record_stray_reply("foreign", context_.loop.now());
  }
  return true;
}

}  // namespace perigee::kafka
