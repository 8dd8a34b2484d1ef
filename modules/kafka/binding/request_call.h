// A VU's wait for the reply to a request.
#pragma once

#include "engine/loop/deadlines.h"
#include "modules/kafka/requester.h"
#include "scripting/operation.h"
#include "scripting/script_host.h"
#include "scripting/wake.h"

namespace perigee {

// Used again for another request when this one has ended.
class KafkaRequestCall final : public Operation, public kafka::ReplyListener, private Deadline {
 public:
  KafkaRequestCall(ScriptHost& host, kafka::KafkaMetrics& metrics)
      : host_(host), metrics_(metrics) {}

  bool idle() const { return requester_ == nullptr; }
  // Results: milliseconds, the reply's topic, key, value and headers; or milliseconds, four times
  // nil and the error's number.
  int await(lua_State* L, LuaVu& vu, kafka::Requester& requester, const kafka::Record& record,
            Duration timeout);

 private:
  static constexpr int kResults = 6;

  void on_reply(const kafka::Reply& reply) override;
  void on_failure(kafka::ErrorCode error) override;
  void on_deadline() override;
  void cancel() override;
  void push_failure(lua_State* L, kafka::ErrorCode error);
  void go_on();

  ScriptHost& host_;
  kafka::KafkaMetrics& metrics_;
  kafka::Requester* requester_ = nullptr;
  LuaVu* vu_ = nullptr;
  Wake wake_;
  uint64_t wait_ = 0;
  kafka::TopicSeriesId series_ = 0;
  Instant started_{};
};

}  // namespace perigee
