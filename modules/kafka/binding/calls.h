// What VUs wait for at a producer: a message's delivery, or room in the queue.
#pragma once

#include "modules/kafka/producer.h"
#include "scripting/operation.h"
#include "scripting/script_host.h"
#include "scripting/wake.h"

namespace perigee {

// Used again for another message when this one has ended.
class KafkaDeliveryCall final : public Operation, public kafka::DeliveryListener {
 public:
  // Partition, offset, milliseconds, and the error's number.
  static constexpr int kResults = 4;

  bool idle() const { return state_ == State::kIdle; }
  void prepare(LuaVu& vu);
  // The message has not been taken.
  void drop() { state_ = State::kIdle; }
  int await(lua_State* L);

 private:
  enum class State { kIdle, kAwaited, kForgotten };

  void on_delivery(const kafka::Delivery& delivery) override;
  // The message goes on: its end will be counted, and heard here.
  void cancel() override { state_ = State::kForgotten; }

  State state_ = State::kIdle;
  LuaVu* vu_ = nullptr;
  Wake wake_;
};

class KafkaRoomCall final : public Operation, public kafka::RoomListener {
 public:
  explicit KafkaRoomCall(ScriptHost& host) : host_(host) {}

  bool idle() const { return producer_ == nullptr; }
  int await(lua_State* L, LuaVu& vu, kafka::Producer& producer, kafka::KafkaMetrics& metrics);

 private:
  void on_room() override;
  void cancel() override;
  void record();

  ScriptHost& host_;
  kafka::Producer* producer_ = nullptr;
  kafka::KafkaMetrics* metrics_ = nullptr;
  LuaVu* vu_ = nullptr;
  Wake wake_;
  Instant since_{};
};

}  // namespace perigee
