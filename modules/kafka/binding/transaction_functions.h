// The functions of transactions, as kafka.lua calls them.
#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "modules/kafka/binding/blocking_calls.h"
#include "modules/kafka/binding/producer.h"
#include "modules/kafka/metrics.h"
#include "scripting/lua.h"
#include "scripting/script_host.h"

namespace perigee {

// One per worker; its functions have it as their upvalue.
class KafkaTransactionFunctions {
 public:
  KafkaTransactionFunctions(ScriptHost& host, kafka::KafkaMetrics& metrics)
      : host_(host), metrics_(metrics), calls_(host) {}

  // Adds the functions to the table on top of the stack.
  void add_to(lua_State* L);
  // Aborts what is open, so that nobody who reads what is committed has to wait for it.
  void abort_open(const std::vector<KafkaProducer*>& producers, Instant until,
                  const std::function<void()>& done);

 private:
  static int begin(lua_State* L);
  static int commit(lua_State* L);
  static int abort(lua_State* L);
  static int send_offsets(lua_State* L);

  // Ends the transaction by `work` on a thread; `result` is what is counted where that succeeds.
  int end(lua_State* L, LuaVu& vu, const char* result, KafkaBlockingCalls::Work work);
  void record(TagSetId context, const char* result, KafkaProducer& producer);

  ScriptHost& host_;
  kafka::KafkaMetrics& metrics_;
  std::jthread aborting_;
  KafkaBlockingCalls calls_;
};

}  // namespace perigee
