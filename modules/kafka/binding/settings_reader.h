// Reads what scripts give kafka.producer and kafka.consumer.
#pragma once

#include <string>

#include "engine/base/log.h"
#include "modules/kafka/consumer.h"
#include "modules/kafka/producer.h"
#include "modules/kafka/requester.h"
#include "scripting/lua.h"

namespace perigee {

struct KafkaProducerOptions {
  kafka::ProducerSettings settings;
  bool per_vu = false;
  bool waits_when_full = true;
};

struct KafkaConsumerOptions {
  kafka::ConsumerSettings settings;
  bool per_vu = false;
};

// The table at `index`. Both throw std::runtime_error.
KafkaProducerOptions read_producer_options(lua_State* L, int index);
KafkaConsumerOptions read_consumer_options(lua_State* L, int index);

kafka::RequesterSettings read_requester_settings(lua_State* L, int index);
// Properties alone.
kafka::Properties read_properties(lua_State* L, int index);

// A text that is the same for settings that are the same.
std::string identity(const KafkaProducerOptions& options);
std::string identity(const KafkaConsumerOptions& options);
std::string identity(const kafka::RequesterSettings& settings);

// Keeps the values of properties that are secrets out of the log.
void hide_secrets(const kafka::Properties& properties, Log& log);

// An offset as scripts write it: a number, or "beginning", "end" or "committed".
int64_t read_offset(lua_State* L, int index);

}  // namespace perigee
