#include "modules/kafka/binding/producer_functions.h"

#include <stdexcept>

#include <fmt/format.h>

#include "modules/kafka/binding/naming.h"
#include "scripting/binding.h"
#include "scripting/call_guard.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

// kafka.lua passes clients by their addresses.
KafkaProducer& producer_at(lua_State* L) {
  return *static_cast<KafkaProducer*>(lua_touserdata(L, 1));
}

// The same of the table that a script has.
KafkaProducer& producer_in(lua_State* L) {
  if (!lua_istable(L, 1)) throw std::runtime_error("it is called on a producer");
  lua_rawgeti(L, 1, 1);
  auto* const producer = static_cast<KafkaProducer*>(lua_touserdata(L, -1));
  lua_pop(L, 1);
  if (producer == nullptr) throw std::runtime_error("it is called on a producer");
  return *producer;
}

// Whether a message that was not taken is to be tried again when the queue has room.
bool must_wait(const KafkaProducer& producer, kafka::ErrorCode error) {
  return error == RD_KAFKA_RESP_ERR__QUEUE_FULL && producer.waits_when_full() &&
         producer.client().will_have_room();
}

}  // namespace

// new_producer(settings) -> the producer
int KafkaProducerFunctions::new_producer(lua_State* L) {
  auto& instance = upvalue<KafkaProducerFunctions>(L);
  require_init(instance.host_, "kafka.producer");
  return with_name("kafka.producer", [&] {
    KafkaProducerOptions options = read_producer_options(L, 1);
    // A client that begins with another's id ends it.
    const auto id = options.settings.properties.find("transactional.id");
    if (id != options.settings.properties.end()) {
      id->second += fmt::format("-{}", instance.host_.vu().id());
    }
    kafka::make_conf(options.settings.properties);
    // A script that is only looked at needs no connections.
    void* const producer =
        instance.host_.declaring() ? nullptr : &instance.clients_.producer(options);
    lua_pushlightuserdata(L, producer);
    return 1;
  });
}

kafka::ErrorCode KafkaProducerFunctions::enqueue(KafkaProducer& to, const kafka::Record& record,
                                                 LuaVu& vu, kafka::DeliveryListener* listener) {
  return to.client().produce(record, vu.context(), listener, to.waits_when_full());
}

// send(what a script has, message | topic, value, key) -> true, false if the queue is full and has
// to be waited for, or the error's number
int KafkaProducerFunctions::send(lua_State* L) {
  auto& instance = upvalue<KafkaProducerFunctions>(L);
  LuaVu& vu = instance.host_.vu_for("producer:send");
  const kafka::Record* message = nullptr;
  KafkaProducer* handle = nullptr;
  try {
    handle = &producer_in(L);
    message =
        lua_istable(L, 2) ? &instance.records_.read(L, 2) : &instance.records_.read(L, 2, 3, 4);
  } catch (const std::runtime_error& error) {
    // Nobody has looked at the arguments before.
    explain_call(L, "producer:send", {1, 2, 3, 4}, error);
  }
  KafkaProducer& producer = *handle;
  const kafka::Record& record = *message;
  const kafka::ErrorCode error = enqueue(producer, record, vu, nullptr);
  const bool waits = must_wait(producer, error);
  if (error == kafka::kNoError || waits) {
    lua_pushboolean(L, waits ? 0 : 1);
  } else {
    lua_pushnumber(L, error);
  }
  return 1;
}

// send_batch(producer, list, from, topic) -> where the queue was full (nil at the end), how many
// were taken; elements are messages or, with a topic, values
int KafkaProducerFunctions::send_batch(lua_State* L) {
  auto& instance = upvalue<KafkaProducerFunctions>(L);
  LuaVu& vu = instance.host_.vu_for("producer:send_batch");
  KafkaProducer& producer = producer_at(L);
  const int count = static_cast<int>(lua_objlen(L, 2));
  const bool has_topic = !lua_isnoneornil(L, 4);
  lua_settop(L, 4);
  double taken = 0;
  for (int i = static_cast<int>(lua_tointeger(L, 3)); i <= count; ++i) {
    lua_rawgeti(L, 2, i);
    const kafka::Record& record = with_name("producer:send_batch", [&]() -> const kafka::Record& {
      return has_topic ? instance.records_.read(L, 4, 5, 6) : instance.records_.read(L, 5);
    });
    const kafka::ErrorCode error = enqueue(producer, record, vu, nullptr);
    if (must_wait(producer, error)) {
      lua_pushnumber(L, i);
      lua_pushnumber(L, taken);
      return 2;
    }
    if (error == kafka::kNoError) ++taken;
    lua_pop(L, 1);
  }
  lua_pushnil(L);
  lua_pushnumber(L, taken);
  return 2;
}

// produce(producer, message) -> partition, offset, ms, the error's number; or false if the queue is
// full and has to be waited for
int KafkaProducerFunctions::produce(lua_State* L) {
  auto& instance = upvalue<KafkaProducerFunctions>(L);
  LuaVu& vu = instance.host_.vu_for("producer:produce");
  vu.refuse_aside();
  KafkaProducer& producer = producer_at(L);
  const kafka::Record& record = with_name(
      "producer:produce", [&]() -> const kafka::Record& { return instance.records_.read(L, 2); });
  KafkaDeliveryCall& call = instance.deliveries_.take();
  call.prepare(vu);
  const kafka::ErrorCode error = enqueue(producer, record, vu, &call);
  if (error == kafka::kNoError) return call.await(L);
  call.drop();
  if (must_wait(producer, error)) {
    lua_pushboolean(L, 0);
    return 1;
  }
  for (const double result : {-1.0, -1.0, 0.0, static_cast<double>(error)})
    lua_pushnumber(L, result);
  return KafkaDeliveryCall::kResults;
}

int KafkaProducerFunctions::await_room(lua_State* L) {
  auto& instance = upvalue<KafkaProducerFunctions>(L);
  LuaVu& vu = instance.host_.vu_for("producer:send");
  return instance.rooms_.take(instance.host_)
      .await(L, vu, producer_at(L).client(), instance.metrics_);
}

int KafkaProducerFunctions::outstanding(lua_State* L) {
  upvalue<KafkaProducerFunctions>(L).host_.vu_for("producer:outstanding");
  lua_pushnumber(L, static_cast<double>(producer_at(L).client().outstanding()));
  return 1;
}

void KafkaProducerFunctions::add_to(lua_State* L) {
  const Function functions[] = {
      {"new_producer", bound<new_producer>}, {"send", bound<send>},
      {"send_batch", bound<send_batch>},     {"produce", bound<produce>},
      {"await_room", bound<await_room>},     {"outstanding", bound<outstanding>}};
  set_functions(L, this, functions);
}

}  // namespace perigee
