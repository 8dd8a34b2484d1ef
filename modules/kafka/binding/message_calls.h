// What VUs wait for at a consumer: messages, its partitions, a commit.
#pragma once

#include <cstdint>

#include "engine/loop/deadlines.h"
#include "modules/kafka/consumer.h"
#include "scripting/operation.h"
#include "scripting/script_host.h"
#include "scripting/wake.h"

namespace perigee {

struct KafkaPollParams {
  uint64_t min = 1;
  uint64_t max = 500;
  Duration timeout = std::chrono::seconds(1);
};

// Fills a list with messages. Each kind of call is used again when it has ended.
class KafkaPollCall final : public Operation, public kafka::MessageListener, private Deadline {
 public:
  KafkaPollCall(ScriptHost& host, kafka::KafkaMetrics& metrics) : host_(host), metrics_(metrics) {}

  bool idle() const { return consumer_ == nullptr; }
  int await(lua_State* L, LuaVu& vu, kafka::Consumer& consumer, const KafkaPollParams& params);

 private:
  bool on_message(const rd_kafka_message_t& message) override;
  bool on_pause() override { return count_ >= params_.min; }
  void on_served() override;
  void on_deadline() override;
  void cancel() override;
  void record(const rd_kafka_message_t& message);
  void release();

  ScriptHost& host_;
  kafka::KafkaMetrics& metrics_;
  kafka::Consumer* consumer_ = nullptr;
  LuaVu* vu_ = nullptr;
  Wake wake_;
  KafkaPollParams params_;
  int list_ = LUA_NOREF;
  uint64_t count_ = 0;
};

// Ends when the consumer reads partitions: with true, or with false after the time limit.
class KafkaAssignmentCall final : public Operation, private Deadline {
 public:
  explicit KafkaAssignmentCall(ScriptHost& host) : host_(host) {}

  bool idle() const { return consumer_ == nullptr; }
  int await(lua_State* L, LuaVu& vu, kafka::Consumer& consumer, Duration timeout);

 private:
  void on_deadline() override { end(false); }
  void cancel() override;
  void end(bool assigned);

  ScriptHost& host_;
  kafka::Consumer* consumer_ = nullptr;
  LuaVu* vu_ = nullptr;
  Wake wake_;
};

// Ends with the error's number.
class KafkaCommitCall final : public Operation, public kafka::CommitListener {
 public:
  bool idle() const { return state_ == State::kIdle; }
  int await(lua_State* L, LuaVu& vu, kafka::Consumer& consumer);

 private:
  enum class State { kIdle, kAwaited, kForgotten };

  void on_commit(kafka::ErrorCode error) override;
  void cancel() override { state_ = State::kForgotten; }

  State state_ = State::kIdle;
  LuaVu* vu_ = nullptr;
  Wake wake_;
};

}  // namespace perigee
