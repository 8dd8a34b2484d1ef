#include "modules/kafka/binding/transaction_functions.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "modules/kafka/broker_error.h"
#include "modules/kafka/consumer.h"
#include "modules/kafka/time_left.h"
#include "scripting/binding.h"
#include "scripting/bindings/websocket_params.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

using Timeout = kafka::Transactions::Timeout;

// The producer of a call, whose transactions `called` is about.
KafkaProducer& producer_for(lua_State* L, const char* called) {
  auto& producer = *static_cast<KafkaProducer*>(lua_touserdata(L, 1));
  if (producer.transactional()) return producer;
  throw std::runtime_error(fmt::format(
      R"({}: transactions need an id: kafka.producer{{ ["transactional.id"] = "orders", ... }})",
      called));
}

Timeout timeout_at(lua_State* L, int index) {
  constexpr Timeout kPatience{30'000};
  if (lua_isnoneornil(L, index)) return kPatience;
  return std::chrono::duration_cast<Timeout>(read_time(L, index, "timeout"));
}

}  // namespace

// Each is counted once, where it ends first: an abort after a failure is not counted.
void KafkaTransactionFunctions::record(TagSetId context, const char* result,
                                       KafkaProducer& producer) {
  if (std::exchange(producer.transaction.counted, true)) return;
  const Instant now = host_.worker().loop.now();
  metrics_.record_transaction(context, result, now - producer.transaction.began, now);
}

// begin_transaction(producer, timeout) -> true
int KafkaTransactionFunctions::begin(lua_State* L) {
  auto& self = upvalue<KafkaTransactionFunctions>(L);
  LuaVu& vu = self.host_.vu_for("producer:begin_transaction");
  KafkaProducer& producer = producer_for(L, "producer:begin_transaction");
  // One that an earlier iteration has left open.
  if (producer.transactions().open()) self.record(vu.context(), "aborted", producer);
  producer.renew_if_broken();
  producer.transaction = {.began = self.host_.worker().loop.now(), .counted = true};
  return self.calls_.await(
      L, vu,
      [&transactions = producer.transactions(), handle = producer.client().client().get(),
       timeout = timeout_at(L, 2)]() -> nlohmann::json {
        transactions.begin(handle, timeout);
        return true;
      },
      [&producer](bool begun) { producer.transaction.counted = !begun; });
}

int KafkaTransactionFunctions::end(lua_State* L, LuaVu& vu, const char* result,
                                   KafkaBlockingCalls::Work work) {
  auto& producer = *static_cast<KafkaProducer*>(lua_touserdata(L, 1));
  return calls_.await(L, vu, std::move(work),
                      [this, result, context = vu.context(), &producer](bool done) {
                        record(context, done ? result : "failed", producer);
                      });
}

// commit_transaction(producer, timeout) -> true
int KafkaTransactionFunctions::commit(lua_State* L) {
  auto& self = upvalue<KafkaTransactionFunctions>(L);
  LuaVu& vu = self.host_.vu_for("producer:commit_transaction");
  KafkaProducer& producer = producer_for(L, "producer:commit_transaction");
  return self.end(
      L, vu, "committed",
      [&transactions = producer.transactions(), handle = producer.client().client().get(),
       timeout = timeout_at(L, 2)]() -> nlohmann::json {
        transactions.commit(handle, timeout);
        return true;
      });
}

// abort_transaction(producer, timeout) -> true
int KafkaTransactionFunctions::abort(lua_State* L) {
  auto& self = upvalue<KafkaTransactionFunctions>(L);
  LuaVu& vu = self.host_.vu_for("producer:abort_transaction");
  KafkaProducer& producer = producer_for(L, "producer:abort_transaction");
  return self.end(
      L, vu, "aborted",
      [&transactions = producer.transactions(), handle = producer.client().client().get(),
       timeout = timeout_at(L, 2)]() -> nlohmann::json {
        transactions.abort(handle, timeout);
        return true;
      });
}

// send_offsets(producer, consumer, timeout) -> true
int KafkaTransactionFunctions::send_offsets(lua_State* L) {
  auto& self = upvalue<KafkaTransactionFunctions>(L);
  LuaVu& vu = self.host_.vu_for("producer:send_offsets");
  KafkaProducer& producer = producer_for(L, "producer:send_offsets");
  auto& consumer = *static_cast<kafka::Consumer*>(lua_touserdata(L, 2));
  // std::function copies what it holds.
  const auto offsets = std::make_shared<kafka::GroupOffsets>(consumer.group_offsets());
  return self.calls_.await(
      L, vu,
      [&transactions = producer.transactions(), handle = producer.client().client().get(), offsets,
       timeout = timeout_at(L, 3)]() -> nlohmann::json {
        transactions.send_offsets(handle, offsets->offsets.get(), offsets->group.get(), timeout);
        return true;
      });
}

void KafkaTransactionFunctions::add_to(lua_State* L) {
  const Function functions[] = {{"begin_transaction", bound<begin>},
                                {"commit_transaction", bound<commit>},
                                {"abort_transaction", bound<abort>},
                                {"send_offsets", bound<send_offsets>}};
  set_functions(L, this, functions);
}

void KafkaTransactionFunctions::abort_open(const std::vector<KafkaProducer*>& producers,
                                           Instant until, const std::function<void()>& done) {
  std::vector<KafkaProducer*> open;
  for (KafkaProducer* const producer : producers) {
    // The library waits for messages that are on their way, and these for the loop.
    if (producer->transactions().open() && producer->client().outstanding() == 0) {
      open.push_back(producer);
    }
  }
  if (open.empty()) return done();
  for (KafkaProducer* const producer : open)
    record(metrics_.run_context(), "interrupted", *producer);
  Loop& loop = host_.worker().loop;
  const Duration left = std::max<Duration>(until - loop.now(), std::chrono::seconds(1));
  const auto timeout = std::chrono::duration_cast<Timeout>(left);
  aborting_ = std::jthread([&loop, open, timeout, done] {
    const kafka::TimeLeft time(timeout);
    for (KafkaProducer* const producer : open) {
      try {
        producer->transactions().abort(producer->client().client().get(), Timeout(time.ms()));
      } catch (const kafka::BrokerError&) {
        // The brokers will abort it when its own time is over.
      }
    }
    loop.post(done);
  });
}

}  // namespace perigee
