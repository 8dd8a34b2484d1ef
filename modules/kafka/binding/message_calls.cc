#include "modules/kafka/binding/message_calls.h"

#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "modules/kafka/binding/message_table.h"
#include "modules/kafka/record.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

// How long ago the message was produced, if its header says so.
std::optional<Duration> age_of(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != kafka::kNoError) return std::nullopt;
  const void* value = nullptr;
  size_t size = 0;
  if (rd_kafka_header_get_last(headers, kafka::kSentHeader.data(), &value, &size) !=
      kafka::kNoError) {
    return std::nullopt;
  }
  const auto* const text = static_cast<const char*>(value);
  int64_t sent = 0;
  if (std::from_chars(text, text + size, sent).ec != std::errc()) return std::nullopt;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<Duration>(now) - Duration(sent);
}

}  // namespace

int KafkaPollCall::await(lua_State* L, LuaVu& vu, kafka::Consumer& consumer,
                         const KafkaPollParams& params) {
  wake_ = vu.prepare_wait();
  vu_ = &vu;
  consumer_ = &consumer;
  params_ = params;
  count_ = 0;
  lua_newtable(L);
  list_ = luaL_ref(L, LUA_REGISTRYINDEX);
  vu.add(*this);
  consumer.add(*this);
  host_.deadlines().arm(*this, params.timeout, host_.worker().loop.now());
  return vu.wait(L, 0);
}

bool KafkaPollCall::on_message(const rd_kafka_message_t& message) {
  record(message);
  lua_State* const L = host_.main_state();
  const StackGuard guard(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, list_);
  push_kafka_message(L, message);
  lua_rawseti(L, -2, static_cast<int>(++count_));
  return count_ < params_.max;
}

void KafkaPollCall::record(const rd_kafka_message_t& message) {
  const Instant now = host_.worker().loop.now();
  vu_->attribute_samples();
  const auto topic = metrics_.topic(rd_kafka_topic_name(message.rkt));
  const auto series = metrics_.series(vu_->context(), topic);
  metrics_.record_consumed(series, message.len + message.key_len, now);
  if (const auto age = age_of(message)) metrics_.record_end_to_end(series, *age, now);
}

void KafkaPollCall::release() {
  disarm();
  luaL_unref(host_.main_state(), LUA_REGISTRYINDEX, std::exchange(list_, LUA_NOREF));
  consumer_ = nullptr;
}

void KafkaPollCall::on_served() {
  Wake wake = wake_;
  luaL_checkstack(wake.stack(), 1, "poll");
  lua_rawgeti(wake.stack(), LUA_REGISTRYINDEX, list_);
  release();
  vu_->remove(*this);
  wake.resume(1);
}

void KafkaPollCall::on_deadline() {
  consumer_->remove(*this);
  on_served();
}

void KafkaPollCall::cancel() {
  consumer_->remove(*this);
  release();
}

int KafkaAssignmentCall::await(lua_State* L, LuaVu& vu, kafka::Consumer& consumer,
                               Duration timeout) {
  wake_ = vu.prepare_wait();
  vu_ = &vu;
  consumer_ = &consumer;
  vu.add(*this);
  consumer.await_assignment(this, [this] { end(true); });
  host_.deadlines().arm(*this, timeout, host_.worker().loop.now());
  return vu.wait(L, 0);
}

void KafkaAssignmentCall::end(bool assigned) {
  disarm();
  std::exchange(consumer_, nullptr)->forget(this);
  Wake wake = wake_;
  luaL_checkstack(wake.stack(), 1, "await_assignment");
  lua_pushboolean(wake.stack(), assigned ? 1 : 0);
  vu_->remove(*this);
  wake.resume(1);
}

void KafkaAssignmentCall::cancel() {
  disarm();
  std::exchange(consumer_, nullptr)->forget(this);
}

int KafkaCommitCall::await(lua_State* L, LuaVu& vu, kafka::Consumer& consumer) {
  consumer.commit(*this);
  state_ = State::kAwaited;
  wake_ = vu.prepare_wait();
  vu_ = &vu;
  vu.add(*this);
  return vu.wait(L, 0);
}

void KafkaCommitCall::on_commit(kafka::ErrorCode error) {
  if (std::exchange(state_, State::kIdle) == State::kForgotten) return;
  Wake wake = wake_;
  luaL_checkstack(wake.stack(), 1, "commit");
  lua_pushnumber(wake.stack(), static_cast<double>(error));
  vu_->remove(*this);
  wake.resume(1);
}

}  // namespace perigee
