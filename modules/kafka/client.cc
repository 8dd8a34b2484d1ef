#include "modules/kafka/client.h"

#include <array>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace perigee::kafka {
namespace {

constexpr int kCommonEvents = RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG | RD_KAFKA_EVENT_STATS;

// Of syslog, which the library uses.
constexpr int kCritical = 2;
constexpr int kWarning = 4;

// Errors come as events, too, and a connection that ends is none of its own.
LogLevel level_of(int level, std::string_view facility) {
  if (facility == "FAIL" || facility == "ERROR" || level > kWarning) return LogLevel::kDebug;
  return level <= kCritical ? LogLevel::kError : LogLevel::kWarning;
}

bool uses_scram(const Properties& properties) {
  for (const char* const name : {"sasl.mechanism", "sasl.mechanisms"}) {
    const auto found = properties.find(name);
    if (found != properties.end() && found->second.starts_with("SCRAM")) return true;
  }
  return false;
}

// Before this version the library repeats its own part of the nonce, which brokers of Kafka 4 take
// for another client's.
bool has_scram_of_rfc() {
  constexpr int kMended = 0x020601ff;
  return rd_kafka_version() >= kMended;
}

}  // namespace

Client::Handle Client::make_handle(rd_kafka_type_t type, const Properties& properties, int events) {
  Properties all = properties;
  all.try_emplace("statistics.interval.ms", "1000");
  all["log.queue"] = "true";
  ConfPtr conf = make_conf(all);
  rd_kafka_conf_set_events(conf.get(), events | kCommonEvents);
  std::array<char, 512> why{};
  Handle handle(rd_kafka_new(type, conf.get(), why.data(), why.size()));
  if (!handle) throw std::runtime_error(std::string(why.data()));
  [[maybe_unused]] const rd_kafka_conf_t* taken = conf.release();
  rd_kafka_set_log_queue(handle.get(), nullptr);
  return handle;
}

QueuePtr Client::take_queue(rd_kafka_t* handle, rd_kafka_type_t type) {
  if (type == RD_KAFKA_PRODUCER) return QueuePtr(rd_kafka_queue_get_main(handle));
  return QueuePtr(rd_kafka_queue_get_consumer(handle));
}

Client::Client(const ClientContext& context, rd_kafka_type_t type, const Properties& properties,
               int events, ClientEvents& listener)
    : context_(context),
      scram_(uses_scram(properties)),
      listener_(listener),
      statistics_(context.metrics),
      handle_(make_handle(type, properties, events)),
      queue_(context.loop, take_queue(handle_.get(), type), [this] { listener_.on_ready(); }) {
  if (type == RD_KAFKA_PRODUCER) return;
  main_.emplace(context.loop, QueuePtr(rd_kafka_queue_get_main(handle_.get())),
                [this] { serve_main(); });
}

Client::~Client() = default;

EventPtr Client::next() {
  EventPtr event = queue_.next();
  while (event && handle_common(event.get()))
    event = queue_.next();
  return event;
}

void Client::serve_main() {
  while (const EventPtr event = main_->next()) {
    if (!handle_common(event.get())) listener_.on_event(event.get());
  }
}

bool Client::handle_common(rd_kafka_event_t* event) {
  switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_LOG:
      log_line(event);
      return true;
    case RD_KAFKA_EVENT_ERROR:
      report_error(event);
      return true;
    case RD_KAFKA_EVENT_STATS: {
      const std::string_view text = rd_kafka_event_stats(event);
      statistics_.record(text, context_.loop.now());
      listener_.on_statistics(text);
      return true;
    }
    default:
      return false;
  }
}

void Client::log_line(rd_kafka_event_t* event) {
  const char* facility = nullptr;
  const char* text = nullptr;
  int level = 0;
  if (rd_kafka_event_log(event, &facility, &text, &level) != 0) return;
  const LogLevel shown = level_of(level, facility);
  if (shown == LogLevel::kDebug) return context_.log.debug(fmt::format("kafka: {}", text));
  // Every worker has a client of the same settings.
  context_.log.once(shown, fmt::format("kafka {}", text), fmt::format("kafka: {}", text));
}

// What the library's own words leave out.
const char* Client::hint_for(ErrorCode code, std::string_view text) const {
  if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION && scram_ && !has_scram_of_rfc()) {
    return "; librdkafka before 2.6.1 can't authenticate by SCRAM at brokers of Kafka 4: use PLAIN "
           "over TLS, or a newer librdkafka";
  }
  // The first bytes of "HTTP/1.1", read as a size.
  constexpr std::string_view kHttp = "response size 1213486160";
  if (text.find(kHttp) != std::string_view::npos) return "; a web server listens there, no broker";
  return "";
}

void Client::report_error(rd_kafka_event_t* event) {
  ErrorCode code = rd_kafka_event_error(event);
  std::string text = rd_kafka_event_error_string(event);
  if (rd_kafka_event_error_is_fatal(event) != 0) {
    std::array<char, 512> why{};
    code = rd_kafka_fatal_error(handle_.get(), why.data(), why.size());
    text = fmt::format("{}; the client can't go on", why.data());
  }
  text += hint_for(code, text);
  context_.metrics.record_error(code, context_.loop.now());
  context_.log.limited(LogLevel::kWarning, fmt::format("kafka {}", name_of(code)),
                       fmt::format("kafka: {}", text));
}

}  // namespace perigee::kafka
