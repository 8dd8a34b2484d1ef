#include "modules/kafka/binding/consumer_functions.h"

#include <chrono>
#include <cmath>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "modules/kafka/binding/naming.h"
#include "scripting/binding.h"
#include "scripting/bindings/websocket_params.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

kafka::Consumer& consumer_at(lua_State* L) {
  return *static_cast<kafka::Consumer*>(lua_touserdata(L, 1));
}

uint64_t count_at(lua_State* L, int index, const char* name, uint64_t otherwise) {
  if (lua_isnoneornil(L, index)) return otherwise;
  const double count = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : 0;
  if (!(count >= 1 && count <= 1e6) || count != std::floor(count)) {
    throw std::runtime_error(
        fmt::format("consumer:poll: {} must be a whole number from 1 to 1000000", name));
  }
  return static_cast<uint64_t>(count);
}

}  // namespace

// new_consumer(settings) -> the consumer
int KafkaConsumerFunctions::new_consumer(lua_State* L) {
  auto& instance = upvalue<KafkaConsumerFunctions>(L);
  require_init(instance.host_, "kafka.consumer");
  return with_name("kafka.consumer", [&] {
    const KafkaConsumerOptions options = read_consumer_options(L, 1);
    kafka::validate(options.settings);
    void* const consumer =
        instance.host_.declaring() ? nullptr : &instance.clients_.consumer(options);
    lua_pushlightuserdata(L, consumer);
    return 1;
  });
}

// poll(consumer, max, min, timeout) -> list of messages
int KafkaConsumerFunctions::poll(lua_State* L) {
  auto& instance = upvalue<KafkaConsumerFunctions>(L);
  LuaVu& vu = instance.host_.vu_for("consumer:poll");
  KafkaPollParams params;
  params.max = count_at(L, 2, "max", params.max);
  params.min = count_at(L, 3, "min", params.min);
  if (params.min > params.max) throw std::runtime_error("consumer:poll: min is above max");
  if (!lua_isnoneornil(L, 4)) params.timeout = read_time(L, 4, "consumer:poll: timeout");
  return instance.polls_.take(instance.host_, instance.metrics_)
      .await(L, vu, consumer_at(L), params);
}

int KafkaConsumerFunctions::assignment(lua_State* L) {
  upvalue<KafkaConsumerFunctions>(L).host_.vu_for("consumer:assignment");
  lua_newtable(L);
  int count = 0;
  for (const kafka::PartitionOffset& each : consumer_at(L).assignment()) {
    lua_createtable(L, 0, 2);
    push_view(L, each.topic);
    lua_setfield(L, -2, "topic");
    lua_pushnumber(L, each.partition);
    lua_setfield(L, -2, "partition");
    lua_rawseti(L, -2, ++count);
  }
  return 1;
}

int KafkaConsumerFunctions::await_assignment(lua_State* L) {
  auto& instance = upvalue<KafkaConsumerFunctions>(L);
  LuaVu& vu = instance.host_.vu_for("consumer:await_assignment");
  // Joining a group takes some seconds.
  constexpr Duration kPatience = std::chrono::seconds(30);
  const Duration timeout =
      lua_isnoneornil(L, 2) ? kPatience : read_time(L, 2, "consumer:await_assignment: timeout");
  return instance.assignments_.take(instance.host_).await(L, vu, consumer_at(L), timeout);
}

// position(consumer, topic, partition) -> offset, or nil before the first message
int KafkaConsumerFunctions::position(lua_State* L) {
  upvalue<KafkaConsumerFunctions>(L).host_.vu_for("consumer:position");
  const auto offset = consumer_at(L).position(std::string(view_at(L, 2)),
                                              static_cast<int32_t>(lua_tointeger(L, 3)));
  if (!offset) return 0;
  lua_pushnumber(L, static_cast<double>(*offset));
  return 1;
}

// seek(consumer, topic, partition, offset)
int KafkaConsumerFunctions::seek(lua_State* L) {
  upvalue<KafkaConsumerFunctions>(L).host_.vu_for("consumer:seek");
  with_name("consumer:seek", [&] {
    consumer_at(L).seek(
        {std::string(view_at(L, 2)), static_cast<int32_t>(lua_tointeger(L, 3)), read_offset(L, 4)});
  });
  return 0;
}

// commit(consumer) -> the error's number
int KafkaConsumerFunctions::commit(lua_State* L) {
  auto& instance = upvalue<KafkaConsumerFunctions>(L);
  LuaVu& vu = instance.host_.vu_for("consumer:commit");
  vu.refuse_aside();
  return instance.commits_.take().await(L, vu, consumer_at(L));
}

int KafkaConsumerFunctions::lag(lua_State* L) {
  upvalue<KafkaConsumerFunctions>(L).host_.vu_for("consumer:lag");
  lua_pushnumber(L, static_cast<double>(consumer_at(L).lag()));
  return 1;
}

void KafkaConsumerFunctions::add_to(lua_State* L) {
  const Function functions[] = {{"new_consumer", bound<new_consumer>},
                                {"poll", bound<poll>},
                                {"assignment", bound<assignment>},
                                {"await_assignment", bound<await_assignment>},
                                {"position", bound<position>},
                                {"seek", bound<seek>},
                                {"commit", bound<commit>},
                                {"lag", bound<lag>}};
  set_functions(L, this, functions);
}

}  // namespace perigee
