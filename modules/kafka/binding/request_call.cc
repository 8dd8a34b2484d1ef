#include "modules/kafka/binding/request_call.h"

#include <optional>
#include <string>
#include <utility>

#include "modules/kafka/binding/message_table.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

void push_optional(lua_State* L, const std::optional<std::string>& text) {
  if (text) {
    push_view(L, *text);
  } else {
    lua_pushnil(L);
  }
}

void push_headers(lua_State* L, const kafka::Reply& reply) {
  lua_newtable(L);
  for (const auto& [name, value] : reply.headers) {
    push_view(L, value);
    add_kafka_header(L, name.c_str());
  }
}

}  // namespace

int KafkaRequestCall::await(lua_State* L, LuaVu& vu, kafka::Requester& requester,
                            const kafka::Record& record, Duration timeout) {
  started_ = host_.worker().loop.now();
  series_ = metrics_.series(vu.context(), metrics_.topic(record.topic));
  const kafka::ErrorCode error = requester.send(record, vu.context(), *this, wait_);
  if (error != kafka::kNoError) {
    push_failure(L, error);
    return kResults;
  }
  vu_ = &vu;
  requester_ = &requester;
  wake_ = vu.prepare_wait();
  vu.add(*this);
  host_.deadlines().arm(*this, timeout, started_);
  return vu.wait(L, 0);
}

void KafkaRequestCall::push_failure(lua_State* L, kafka::ErrorCode error) {
  const Instant now = host_.worker().loop.now();
  metrics_.record_no_reply(series_, kafka::name_of(error), now);
  luaL_checkstack(L, kResults, "request");
  lua_pushnumber(L, to_ms(now - started_));
  for (int i = 0; i < kResults - 2; ++i)
    lua_pushnil(L);
  lua_pushnumber(L, static_cast<double>(error));
}

// The call may be used again as soon as the VU goes on.
void KafkaRequestCall::go_on() {
  disarm();
  requester_ = nullptr;
  Wake wake = wake_;
  vu_->remove(*this);
  wake.resume(kResults);
}

void KafkaRequestCall::on_reply(const kafka::Reply& reply) {
  const Instant now = host_.worker().loop.now();
  vu_->attribute_samples();
  if (reply.topic == requester_->settings().error_topic) {
    metrics_.record_no_reply(series_, "ERROR_REPLY", now);
  } else {
    metrics_.record_reply(series_, now - started_, now);
  }
  lua_State* const L = wake_.stack();
  luaL_checkstack(L, kResults + 4, "request");
  lua_pushnumber(L, to_ms(now - started_));
  push_view(L, reply.topic);
  push_optional(L, reply.key);
  push_optional(L, reply.value);
  push_headers(L, reply);
  lua_pushnil(L);
  go_on();
}

void KafkaRequestCall::on_failure(kafka::ErrorCode error) {
  vu_->attribute_samples();
  push_failure(wake_.stack(), error);
  go_on();
}

void KafkaRequestCall::on_deadline() {
  requester_->forget(wait_);
  on_failure(RD_KAFKA_RESP_ERR__TIMED_OUT);
}

void KafkaRequestCall::cancel() {
  disarm();
  metrics_.record_request_interrupted(series_, host_.worker().loop.now());
  std::exchange(requester_, nullptr)->forget(wait_);
}

}  // namespace perigee
