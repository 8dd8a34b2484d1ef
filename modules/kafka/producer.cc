#include "modules/kafka/producer.h"

#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

// Each message that the library accepts has an `InFlight` as its opaque pointer, taken from a pool,
// so that a delivery costs no look-up and no memory. The library reports deliveries in batches, one
// event for what a broker has acknowledged at once; a turn of the loop takes all that are there.

namespace perigee::kafka {
namespace {

// Events of one turn: what is left waits for the next, so that deliveries can't starve the loop.
constexpr int kEventsPerTurn = 64;
// How long the library may take to say what it has purged.
constexpr Duration kPurgePatience = std::chrono::seconds(2);

// Either may be null.
void* bytes_of(const std::optional<std::string_view>& text) {
  return text ? const_cast<char*>(text->data()) : nullptr;
}

size_t size_of(const std::optional<std::string_view>& text) {
  return text ? text->size() : 0;
}

void add_header(rd_kafka_headers_t* headers, std::string_view name, std::string_view value) {
  rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                      static_cast<ssize_t>(value.size()));
}

HeadersPtr make_headers(const Headers& headers, bool stamped) {
  HeadersPtr made(rd_kafka_headers_new(headers.size() + 1));
  for (const auto& [name, value] : headers)
    add_header(made.get(), name, value);
  if (stamped) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const fmt::format_int text(std::chrono::nanoseconds(now).count());
    add_header(made.get(), kSentHeader, {text.data(), text.size()});
  }
  return made;
}

bool is_purged(ErrorCode error) {
  return error == RD_KAFKA_RESP_ERR__PURGE_QUEUE || error == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
}

}  // namespace

Producer::Producer(const ClientContext& context, const ProducerSettings& settings)
    : context_(context),
      stamped_(settings.stamped),
      client_(context, RD_KAFKA_PRODUCER, settings.properties, RD_KAFKA_EVENT_DR, *this),
      flush_timer_(context.loop.timers(), [this] { on_flush_timer(); }) {}

Producer::~Producer() = default;

Producer::Topic& Producer::topic_of(std::string_view name) {
  if (last_topic_ != nullptr && name == last_name_) return *last_topic_;
  last_name_ = name;
  auto [found, added] = topics_.try_emplace(last_name_);
  if (added) {
    found->second.handle.reset(rd_kafka_topic_new(client_.get(), last_name_.c_str(), nullptr));
    found->second.id = context_.metrics.topic(name);
  }
  last_topic_ = &found->second;
  return *last_topic_;
}

Producer::InFlight& Producer::take_unused() {
  if (unused_ == nullptr) return messages_.emplace_back();
  return *std::exchange(unused_, unused_->next_unused);
}

void Producer::put_back(InFlight& message) {
  message.live = false;
  message.listener = nullptr;
  message.next_unused = std::exchange(unused_, &message);
}

ErrorCode Producer::enqueue(const Record& record, Topic& topic, InFlight& message) {
  if (!topic.handle) return RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION;
  if (stamped_ || !record.headers.empty() || record.timestamp != 0) {
    return enqueue_with_headers(record, topic, message);
  }
  const int result = rd_kafka_produce(topic.handle.get(), record.partition, RD_KAFKA_MSG_F_COPY,
                                      bytes_of(record.value), size_of(record.value),
                                      bytes_of(record.key), size_of(record.key), &message);
  return result == 0 ? kNoError : rd_kafka_last_error();
}

ErrorCode Producer::enqueue_with_headers(const Record& record, Topic& topic, InFlight& message) {
  HeadersPtr headers = make_headers(record.headers, stamped_);
  std::array<rd_kafka_vu_t, 8> parts{};
  parts[0].vtype = RD_KAFKA_VTYPE_RKT;
  parts[0].u.rkt = topic.handle.get();
  parts[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  parts[1].u.i32 = record.partition;
  parts[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[2].u.i = RD_KAFKA_MSG_F_COPY;
  parts[3].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[3].u.mem = {bytes_of(record.value), size_of(record.value)};
  parts[4].vtype = RD_KAFKA_VTYPE_KEY;
  parts[4].u.mem = {bytes_of(record.key), size_of(record.key)};
  parts[5].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
  parts[5].u.i64 = record.timestamp;
  parts[6].vtype = RD_KAFKA_VTYPE_OPAQUE;
  parts[6].u.ptr = &message;
  parts[7].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[7].u.headers = headers.get();
  const LibraryErrorPtr error(rd_kafka_produceva(client_.get(), parts.data(), parts.size()));
  if (error) return rd_kafka_error_code(error.get());
  [[maybe_unused]] const rd_kafka_headers_t* taken = headers.release();
  return kNoError;
}

ErrorCode Producer::produce(const Record& record, TagSetId context, DeliveryListener* listener,
                            bool may_wait) {
  Topic& topic = topic_of(record.topic);
  const TopicSeriesId series = context_.metrics.series(context, topic.id);
  const Instant now = context_.loop.now();
  InFlight& message = take_unused();
  message.produced = now;
  message.series = series;
  message.live = true;
  message.listener = listener;
  const ErrorCode error = enqueue(record, topic, message);
  if (error == kNoError) {
    ++outstanding_;
    context_.metrics.record_produced(series, record.bytes(), now);
    return kNoError;
  }
  put_back(message);
  const bool full = error == RD_KAFKA_RESP_ERR__QUEUE_FULL;
  if (full) full_at_ = outstanding_;
  if (!full || !may_wait || !will_have_room()) count_failure(series, record.bytes(), error, now);
  return error;
}

void Producer::count_failure(TopicSeriesId series, size_t bytes, ErrorCode error, Instant now) {
  context_.metrics.record_produced(series, bytes, now);
  context_.metrics.record_failed(series, error, now);
}

void Producer::on_ready() {
  for (int i = 0; i < kEventsPerTurn; ++i) {
    EventPtr event = client_.next();
    if (!event) break;
    on_deliveries(event.get());
    // The library's queue has room for them when they are gone.
    event.reset();
    report_deliveries();
    if (i == kEventsPerTurn - 1) client_.ask_again();
  }
  serve_waiting();
  if (outstanding_ == 0 && flushed_) end_flush();
}

void Producer::on_deliveries(rd_kafka_event_t* event) {
  const Instant now = context_.loop.now();
  while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event))
    on_delivery(*message, now);
}

void Producer::on_delivery(const rd_kafka_message_t& message, Instant now) {
  auto& sent = *static_cast<InFlight*>(message._private);
  // What was given up is counted already.
  if (!sent.live) return;
  const Duration latency = now - sent.produced;
  DeliveryListener* const listener = sent.listener;
  if (message.err == kNoError) {
    context_.metrics.record_delivered(sent.series, latency, now);
  } else if (is_purged(message.err)) {
    context_.metrics.record_interrupted(sent.series, now);
  } else {
    context_.metrics.record_failed(sent.series, message.err, now);
  }
  put_back(sent);
  --outstanding_;
  if (listener == nullptr) return;
  heard_.push_back({listener,
                    {.error = message.err,
                     .partition = message.partition,
                     .offset = message.offset,
                     .latency = latency}});
}

void Producer::report_deliveries() {
  for (const auto& [listener, delivery] : std::exchange(heard_, {}))
    listener->on_delivery(delivery);
}

void Producer::forget(RoomListener& listener) {
  std::erase(waiting_for_room_, &listener);
}

// Who waits goes on when an eighth of the queue is free: waking somebody costs more than a message.
bool Producer::has_room() const {
  return outstanding_ <= full_at_ - full_at_ / 8 - (full_at_ > 0 ? 1 : 0);
}

void Producer::serve_waiting() {
  for (size_t count = waiting_for_room_.size(); count > 0 && has_room(); --count) {
    RoomListener* const listener = waiting_for_room_.front();
    waiting_for_room_.pop_front();
    listener->on_room();
    if (waiting_for_room_.empty()) break;
  }
}

void Producer::flush(Instant until, std::function<void()> done) {
  if (outstanding_ == 0) return done();
  flushed_ = std::move(done);
  purged_ = false;
  flush_timer_.start(until);
}

void Producer::cut_flush() {
  if (flushed_) flush_timer_.start(context_.loop.now());
}

void Producer::on_flush_timer() {
  if (purged_) return give_up_rest();
  purged_ = true;
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
                                    RD_KAFKA_PURGE_F_NON_BLOCKING);
  flush_timer_.start(context_.loop.now() + kPurgePatience);
}

void Producer::give_up_rest() {
  const Instant now = context_.loop.now();
  for (InFlight& message : messages_) {
    if (!std::exchange(message.live, false)) continue;
    context_.metrics.record_interrupted(message.series, now);
    message.listener = nullptr;
  }
  outstanding_ = 0;
  end_flush();
}

void Producer::end_flush() {
  flush_timer_.stop();
  std::exchange(flushed_, nullptr)();
}

}  // namespace perigee::kafka
