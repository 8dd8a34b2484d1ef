// The functions of admin clients, as kafka.lua calls them.
#pragma once

#include <map>
#include <memory>

#include "modules/kafka/admin.h"
#include "modules/kafka/binding/blocking_calls.h"
#include "scripting/lua.h"
#include "scripting/script_host.h"

namespace perigee {

// One per worker; its functions have it as their upvalue.
class KafkaAdminFunctions {
 public:
  explicit KafkaAdminFunctions(ScriptHost& host) : host_(host), calls_(host) {}

  // Adds the functions to the table on top of the stack.
  void add_to(lua_State* L);

 private:
  static int new_admin(lua_State* L);
  static int create_topic(lua_State* L);
  static int delete_topic(lua_State* L);
  static int metadata(lua_State* L);
  static int offsets(lua_State* L);
  static int group_lag(lua_State* L);

  kafka::Admin& admin(const kafka::Properties& properties);

  ScriptHost& host_;
  // The VUs of a worker whose properties are the same share a client.
  std::map<kafka::Properties, std::unique_ptr<kafka::Admin>> admins_;
  KafkaBlockingCalls calls_;  // destroyed before what they use
};

}  // namespace perigee
