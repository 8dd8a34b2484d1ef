#include "modules/kafka/properties.h"

#include <array>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "engine/base/secret_name.h"
#include "engine/base/suggest.h"

namespace perigee::kafka {
namespace {

// The names at the even places of a dump: those of the library's own list.
void add_names(const char** dump, size_t count, std::vector<std::string>& names) {
  for (size_t i = 0; i < count; i += 2) {
    if (dump[i] != nullptr) names.emplace_back(dump[i]);
  }
  rd_kafka_conf_dump_free(dump, count);
}

// The dump of fresh settings leaves out what has no value yet, and second names.
constexpr std::array<std::string_view, 24> kNotDumped{"acks",
                                                      "delivery.timeout.ms",
                                                      "linger.ms",
                                                      "bootstrap.servers",
                                                      "compression.type",
                                                      "group.id",
                                                      "group.instance.id",
                                                      "max.in.flight",
                                                      "plugin.library.paths",
                                                      "retries",
                                                      "sasl.kerberos.keytab",
                                                      "sasl.password",
                                                      "sasl.username",
                                                      "ssl.ca.location",
                                                      "ssl.ca.pem",
                                                      "ssl.certificate.location",
                                                      "ssl.certificate.pem",
                                                      "ssl.cipher.suites",
                                                      "ssl.key.location",
                                                      "ssl.key.password",
                                                      "ssl.key.pem",
                                                      "ssl.keystore.location",
                                                      "ssl.keystore.password",
                                                      "transactional.id"};

// The library does not say which kind of client has a property; its CONFIGURATION.md does.
constexpr std::array<std::string_view, 27> kOfProducers{"acks",
                                                        "batch.num.messages",
                                                        "batch.size",
                                                        "compression.codec",
                                                        "compression.level",
                                                        "compression.type",
                                                        "delivery.report.only.error",
                                                        "delivery.timeout.ms",
                                                        "enable.gapless.guarantee",
                                                        "enable.idempotence",
                                                        "linger.ms",
                                                        "message.send.max.retries",
                                                        "message.timeout.ms",
                                                        "partitioner",
                                                        "produce.offset.report",
                                                        "queue.buffering.backpressure.threshold",
                                                        "queue.buffering.max.kbytes",
                                                        "queue.buffering.max.messages",
                                                        "queue.buffering.max.ms",
                                                        "queuing.strategy",
                                                        "request.required.acks",
                                                        "request.timeout.ms",
                                                        "retries",
                                                        "retry.backoff.ms",
                                                        "sticky.partitioning.linger.ms",
                                                        "transaction.timeout.ms",
                                                        "transactional.id"};

constexpr std::array<std::string_view, 28> kOfConsumers{"allow.auto.create.topics",
                                                        "auto.commit.enable",
                                                        "auto.commit.interval.ms",
                                                        "auto.offset.reset",
                                                        "check.crcs",
                                                        "consume.callback.max.messages",
                                                        "coordinator.query.interval.ms",
                                                        "enable.auto.commit",
                                                        "enable.auto.offset.store",
                                                        "enable.partition.eof",
                                                        "fetch.error.backoff.ms",
                                                        "fetch.max.bytes",
                                                        "fetch.message.max.bytes",
                                                        "fetch.min.bytes",
                                                        "fetch.wait.max.ms",
                                                        "group.id",
                                                        "group.instance.id",
                                                        "group.protocol.type",
                                                        "heartbeat.interval.ms",
                                                        "isolation.level",
                                                        "max.partition.fetch.bytes",
                                                        "max.poll.interval.ms",
                                                        "offset.store.method",
                                                        "offset.store.path",
                                                        "partition.assignment.strategy",
                                                        "queued.max.messages.kbytes",
                                                        "queued.min.messages",
                                                        "session.timeout.ms"};

std::vector<std::string> known_names() {
  std::vector<std::string> names(kNotDumped.begin(), kNotDumped.end());
  size_t count = 0;
  const ConfPtr conf(rd_kafka_conf_new());
  const char** dump = rd_kafka_conf_dump(conf.get(), &count);
  add_names(dump, count, names);
  rd_kafka_topic_conf_t* topic = rd_kafka_topic_conf_new();
  dump = rd_kafka_topic_conf_dump(topic, &count);
  add_names(dump, count, names);
  rd_kafka_topic_conf_destroy(topic);
  return names;
}

std::string suggestion(const std::string& name) {
  const std::vector<std::string> names = known_names();
  return did_you_mean(name, std::vector<std::string_view>(names.begin(), names.end()));
}

void set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  switch (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size())) {
    case RD_KAFKA_CONF_OK:
      return;
    case RD_KAFKA_CONF_UNKNOWN:
      throw std::runtime_error(fmt::format("there is no property \"{}\" of librdkafka {}{}", name,
                                           rd_kafka_version_str(), suggestion(name)));
    default:
      throw std::runtime_error(is_secret(name)
                                   ? fmt::format("the value of {} is refused", name)
                                   : fmt::format("{}: {}", name, std::string(why.data())));
  }
}

}  // namespace

bool is_secret(const std::string& property) {
  return names_secret(property) || property.ends_with(".pem") || property == "sasl.jaas.config" ||
         property == "sasl.oauthbearer.config";
}

Properties properties_of(rd_kafka_type_t type, const Properties& properties) {
  const std::span<const std::string_view> others =
      type == RD_KAFKA_PRODUCER ? std::span<const std::string_view>(kOfConsumers) : kOfProducers;
  Properties own = properties;
  for (const std::string_view name : others)
    own.erase(std::string(name));
  return own;
}

ConfPtr make_conf(const Properties& properties) {
  ConfPtr conf(rd_kafka_conf_new());
  for (const auto& [name, value] : properties)
    set(conf.get(), name, value);
  return conf;
}

}  // namespace perigee::kafka
