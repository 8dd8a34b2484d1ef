// The functions of requesters, as kafka.lua calls them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "modules/kafka/binding/call_pool.h"
#include "modules/kafka/binding/record_reader.h"
#include "modules/kafka/binding/reply_hubs.h"
#include "modules/kafka/binding/request_call.h"
#include "scripting/lua.h"

namespace perigee {

// One per worker; its functions have it as their upvalue.
class KafkaRequestFunctions {
 public:
  KafkaRequestFunctions(ScriptHost& host, kafka::KafkaMetrics& metrics, KafkaReplyHubs& hubs,
                        KafkaRecordReader& records)
      : host_(host), metrics_(metrics), hubs_(hubs), records_(records) {}

  // Adds the functions to the table on top of the stack.
  void add_to(lua_State* L);
  std::vector<kafka::Producer*> producers() const;

 private:
  static int new_requester(lua_State* L);
  static int request(lua_State* L);

  kafka::Requester& requester(const kafka::RequesterSettings& settings);

  ScriptHost& host_;
  kafka::KafkaMetrics& metrics_;
  KafkaReplyHubs& hubs_;
  KafkaRecordReader& records_;
  CallPool<KafkaRequestCall> calls_;
  std::map<std::string, std::unique_ptr<kafka::Requester>> requesters_;  // by identity
};

}  // namespace perigee
