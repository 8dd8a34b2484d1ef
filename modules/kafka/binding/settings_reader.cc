#include "modules/kafka/binding/settings_reader.h"

#include <cmath>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/redactor.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

std::string number_text(double number) {
  if (number == std::floor(number) && std::fabs(number) < 1e15) {
    return fmt::format("{}", static_cast<int64_t>(number));
  }
  return fmt::format("{}", number);
}

// One value, as librdkafka writes it.
std::string text_at(lua_State* L, int index, std::string_view name) {
  switch (lua_type(L, index)) {
    case LUA_TSTRING:
      return std::string(view_at(L, index));
    case LUA_TNUMBER:
      return number_text(lua_tonumber(L, index));
    case LUA_TBOOLEAN:
      return lua_toboolean(L, index) != 0 ? "true" : "false";
    default:
      throw std::runtime_error(
          fmt::format("{} must be a string, a number, true, false or a list of these, got a {}",
                      name, luaL_typename(L, index)));
  }
}

// A value, or a list of them with commas.
std::string value_at(lua_State* L, int index, std::string_view name) {
  if (!lua_istable(L, index)) return text_at(L, index, name);
  std::string text;
  const int count = static_cast<int>(lua_objlen(L, index));
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, index, i);
    if (i > 1) text += ',';
    text += text_at(L, lua_gettop(L), name);
    lua_pop(L, 1);
  }
  return text;
}

bool flag_at(lua_State* L, int index, std::string_view name) {
  if (!lua_isboolean(L, index)) {
    throw std::runtime_error(fmt::format("{} must be true or false", name));
  }
  return lua_toboolean(L, index) != 0;
}

bool read_when_full(lua_State* L, int index) {
  const std::string_view word = lua_type(L, index) == LUA_TSTRING ? view_at(L, index) : "";
  if (word != "wait" && word != "error") {
    throw std::runtime_error(R"(when_full must be "wait" or "error")");
  }
  return word == "wait";
}

std::vector<std::string> read_topics(lua_State* L, int index, std::string_view name) {
  if (lua_type(L, index) == LUA_TSTRING) return {std::string(view_at(L, index))};
  std::vector<std::string> topics;
  const int count = lua_istable(L, index) ? static_cast<int>(lua_objlen(L, index)) : 0;
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, index, i);
    topics.push_back(text_at(L, lua_gettop(L), name));
    lua_pop(L, 1);
  }
  if (topics.empty()) {
    throw std::runtime_error(
        fmt::format(R"({0} must be a topic or a list of them: {0} = {{ "t" }})", name));
  }
  return topics;
}

int32_t partition_field(lua_State* L, int table) {
  lua_getfield(L, table, "partition");
  const double number = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
  lua_pop(L, 1);
  if (!(number >= 0 && number <= 1e6) || number != std::floor(number)) {
    throw std::runtime_error("partition must be a whole number from 0 on");
  }
  return static_cast<int32_t>(number);
}

kafka::PartitionOffset read_partition(lua_State* L, int index, int64_t otherwise) {
  if (!lua_istable(L, index)) {
    throw std::runtime_error(
        R"(partitions must be a list of tables: partitions = { { topic = "t", partition = 0, offset = "end" } })");
  }
  kafka::PartitionOffset result;
  lua_getfield(L, index, "topic");
  result.topic = text_at(L, lua_gettop(L), "the topic of a partition");
  result.partition = partition_field(L, index);
  lua_getfield(L, index, "offset");
  result.offset = lua_isnil(L, -1) ? otherwise : read_offset(L, lua_gettop(L));
  lua_pop(L, 2);
  return result;
}

// Where a partition begins whose offset is not given: where the group is, or without a group where
// the property says.
int64_t default_offset(const kafka::Properties& properties) {
  if (properties.contains("group.id")) return RD_KAFKA_OFFSET_STORED;
  const auto found = properties.find("auto.offset.reset");
  const std::string_view reset = found == properties.end() ? "" : std::string_view(found->second);
  const bool first = reset == "earliest" || reset == "beginning" || reset == "smallest";
  return first ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
}

void read_partitions(lua_State* L, int table, kafka::ConsumerSettings& settings) {
  lua_getfield(L, table, "partitions");
  const int list = lua_gettop(L);
  const int64_t otherwise = default_offset(settings.properties);
  const int count = lua_istable(L, list) ? static_cast<int>(lua_objlen(L, list)) : 0;
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, list, i);
    settings.partitions.push_back(read_partition(L, lua_gettop(L), otherwise));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  if (settings.topics.empty() == settings.partitions.empty()) {
    throw std::runtime_error(
        R"(give it either topics = { "t" } with a ["group.id"], or partitions = { { topic = "t", partition = 0 } })");
  }
}

// Calls `own` with each named setting; what it does not take is a property of librdkafka.
template <typename Own>
void read_settings(lua_State* L, int table, kafka::Properties& properties, Own own) {
  const int value = lua_gettop(L) + 2;
  for (lua_pushnil(L); lua_next(L, table) != 0; lua_settop(L, value - 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) {
      throw std::runtime_error(
          R"(settings have names: { ["bootstrap.servers"] = "127.0.0.1:9092" })");
    }
    const std::string_view name = view_at(L, -2);
    if (!own(name, value)) properties[std::string(name)] = value_at(L, value, name);
  }
}

std::string text_of(const kafka::Properties& properties) {
  std::string text;
  for (const auto& [name, value] : properties)
    text += fmt::format("{}={}\n", name, value);
  return text;
}

}  // namespace

int64_t read_offset(lua_State* L, int index) {
  if (lua_type(L, index) == LUA_TNUMBER) {
    const double offset = lua_tonumber(L, index);
    if (offset >= 0 && offset == std::floor(offset) && offset < 9e15) {
      return static_cast<int64_t>(offset);
    }
  }
  const std::string_view word = lua_type(L, index) == LUA_TSTRING ? view_at(L, index) : "";
  if (word == "beginning") return RD_KAFKA_OFFSET_BEGINNING;
  if (word == "end") return RD_KAFKA_OFFSET_END;
  if (word == "committed") return RD_KAFKA_OFFSET_STORED;
  throw std::runtime_error(
      R"(offset must be a whole number from 0 on, "beginning", "end" or "committed")");
}

kafka::RequesterSettings read_requester_settings(lua_State* L, int index) {
  kafka::RequesterSettings settings;
  read_settings(L, index, settings.properties, [&](std::string_view name, int value) {
    if (name == "reply_topic") {
      settings.reply_topics = read_topics(L, value, name);
    } else if (name == "error_topic") {
      settings.error_topic = text_at(L, value, name);
    } else if (name == "correlation_header") {
      settings.correlation_header = text_at(L, value, name);
    } else {
      return false;
    }
    return true;
  });
  // A misspelt name of ours is an unknown property.
  kafka::make_conf(settings.properties);
  if (settings.reply_topics.empty()) {
    throw std::runtime_error(R"(reply_topic is missing: reply_topic = "answers")");
  }
  return settings;
}

kafka::Properties read_properties(lua_State* L, int index) {
  kafka::Properties properties;
  read_settings(L, index, properties, [](std::string_view, int) { return false; });
  return properties;
}

KafkaProducerOptions read_producer_options(lua_State* L, int index) {
  KafkaProducerOptions options;
  bool shared = false;
  read_settings(L, index, options.settings.properties, [&](std::string_view name, int value) {
    if (name == "per_vu") {
      options.per_vu = flag_at(L, value, name);
      shared = !options.per_vu;
    } else if (name == "stamp") {
      options.settings.stamped = flag_at(L, value, name);
    } else if (name == "when_full") {
      options.waits_when_full = read_when_full(L, value);
    } else {
      return false;
    }
    return true;
  });
  if (!options.settings.properties.contains("transactional.id")) return options;
  if (shared) {
    throw std::runtime_error(
        "a producer with a transactional.id belongs to one VU: leave per_vu out");
  }
  options.per_vu = true;
  return options;
}

KafkaConsumerOptions read_consumer_options(lua_State* L, int index) {
  KafkaConsumerOptions options;
  read_settings(L, index, options.settings.properties, [&](std::string_view name, int value) {
    if (name == "per_vu") {
      options.per_vu = flag_at(L, value, name);
    } else if (name == "topics") {
      options.settings.topics = read_topics(L, value, name);
    } else {
      return name == "partitions";
    }
    return true;
  });
  read_partitions(L, index, options.settings);
  return options;
}

std::string identity(const KafkaProducerOptions& options) {
  return fmt::format("{}stamp={}\nwaits={}", text_of(options.settings.properties),
                     options.settings.stamped, options.waits_when_full);
}

std::string identity(const KafkaConsumerOptions& options) {
  std::string text = text_of(options.settings.properties);
  for (const std::string& topic : options.settings.topics)
    text += fmt::format("topic={}\n", topic);
  for (const auto& each : options.settings.partitions)
    text += fmt::format("partition={} {} {}\n", each.topic, each.partition, each.offset);
  return text;
}

std::string identity(const kafka::RequesterSettings& settings) {
  return fmt::format("{}reply={}\nerror={}\nheader={}", text_of(settings.properties),
                     fmt::join(settings.reply_topics, ","), settings.error_topic,
                     settings.correlation_header);
}

void hide_secrets(const kafka::Properties& properties, Log& log) {
  Redactor::Environment secrets;
  for (const auto& [name, value] : properties) {
    if (kafka::is_secret(name)) secrets["KAFKA_PASSWORD_" + name] = value;
  }
  if (!secrets.empty()) log.hide(secrets);
}

}  // namespace perigee
