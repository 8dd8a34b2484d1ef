// The functions of consumers, as kafka.lua calls them.
#pragma once

#include "modules/kafka/binding/call_pool.h"
#include "modules/kafka/binding/clients.h"
#include "modules/kafka/binding/message_calls.h"
#include "scripting/lua.h"
#include "scripting/script_host.h"

namespace perigee {

// One per worker; its functions have it as their upvalue. Outlives the clients, which may know its
// calls.
class KafkaConsumerFunctions {
 public:
  KafkaConsumerFunctions(ScriptHost& host, kafka::KafkaMetrics& metrics, KafkaClients& clients)
      : host_(host), metrics_(metrics), clients_(clients) {}

  // Adds the functions to the table on top of the stack.
  void add_to(lua_State* L);

 private:
  static int new_consumer(lua_State* L);
  static int poll(lua_State* L);
  static int assignment(lua_State* L);
  static int await_assignment(lua_State* L);
  static int position(lua_State* L);
  static int seek(lua_State* L);
  static int commit(lua_State* L);
  static int lag(lua_State* L);

  ScriptHost& host_;
  kafka::KafkaMetrics& metrics_;
  KafkaClients& clients_;
  CallPool<KafkaPollCall> polls_;
  CallPool<KafkaAssignmentCall> assignments_;
  CallPool<KafkaCommitCall> commits_;
};

}  // namespace perigee
