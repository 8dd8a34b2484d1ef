#include "modules/kafka/binding/calls.h"

#include <utility>

namespace perigee {

void KafkaDeliveryCall::prepare(LuaVu& vu) {
  vu_ = &vu;
  state_ = State::kAwaited;
}

int KafkaDeliveryCall::await(lua_State* L) {
  wake_ = vu_->prepare_wait();
  vu_->add(*this);
  return vu_->wait(L, 0);
}

void KafkaDeliveryCall::on_delivery(const kafka::Delivery& delivery) {
  if (std::exchange(state_, State::kIdle) == State::kForgotten) return;
  // The call may be used again as soon as the VU goes on.
  Wake wake = wake_;
  lua_State* const L = wake.stack();
  luaL_checkstack(L, kResults, "produce");
  const bool delivered = delivery.error == kafka::kNoError;
  lua_pushnumber(L, delivered ? delivery.partition : -1);
  lua_pushnumber(L, delivered ? static_cast<double>(delivery.offset) : -1);
  lua_pushnumber(L, to_ms(delivery.latency));
  lua_pushnumber(L, static_cast<double>(delivery.error));
  vu_->remove(*this);
  wake.resume(kResults);
}

int KafkaRoomCall::await(lua_State* L, LuaVu& vu, kafka::Producer& producer,
                         kafka::KafkaMetrics& metrics) {
  vu_ = &vu;
  producer_ = &producer;
  metrics_ = &metrics;
  since_ = host_.worker().loop.now();
  wake_ = vu.prepare_wait();
  vu.add(*this);
  producer.await_room(*this);
  return vu.wait(L, 0);
}

void KafkaRoomCall::record() {
  const Instant now = host_.worker().loop.now();
  vu_->attribute_samples();
  metrics_->record_queue_full(vu_->context(), now - since_, now);
}

void KafkaRoomCall::on_room() {
  record();
  Wake wake = wake_;
  producer_ = nullptr;
  vu_->remove(*this);
  wake.resume(0);
}

void KafkaRoomCall::cancel() {
  record();
  std::exchange(producer_, nullptr)->forget(*this);
}

}  // namespace perigee
