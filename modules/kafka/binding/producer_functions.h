// The functions of producers, as kafka.lua calls them.
#pragma once

#include "modules/kafka/binding/call_pool.h"
#include "modules/kafka/binding/calls.h"
#include "modules/kafka/binding/clients.h"
#include "modules/kafka/binding/record_reader.h"
#include "scripting/lua.h"
#include "scripting/script_host.h"

namespace perigee {

// One per worker; its functions have it as their upvalue. Outlives the clients, which may know its
// calls.
class KafkaProducerFunctions {
 public:
  KafkaProducerFunctions(ScriptHost& host, kafka::KafkaMetrics& metrics, KafkaRecordReader& records,
                         KafkaClients& clients)
      : host_(host), metrics_(metrics), records_(records), clients_(clients) {}

  // Adds the functions to the table on top of the stack.
  void add_to(lua_State* L);

 private:
  static int new_producer(lua_State* L);
  static int send(lua_State* L);
  static int send_batch(lua_State* L);
  static int produce(lua_State* L);
  static int await_room(lua_State* L);
  static int outstanding(lua_State* L);

  static kafka::ErrorCode enqueue(KafkaProducer& to, const kafka::Record& record, LuaVu& vu,
                                  kafka::DeliveryListener* listener);

  ScriptHost& host_;
  kafka::KafkaMetrics& metrics_;
  KafkaRecordReader& records_;
  KafkaClients& clients_;
  CallPool<KafkaDeliveryCall> deliveries_;
  CallPool<KafkaRoomCall> rooms_;
};

}  // namespace perigee
