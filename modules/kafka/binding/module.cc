#include "modules/kafka/binding/module.h"

#include <functional>
#include <memory>
#include <vector>

#include "modules/kafka/binding/admin_functions.h"
#include "modules/kafka/binding/clients.h"
#include "modules/kafka/binding/consumer_functions.h"
#include "modules/kafka/binding/producer_functions.h"
#include "modules/kafka/binding/record_reader.h"
#include "modules/kafka/binding/request_functions.h"
#include "modules/kafka/binding/transaction_functions.h"
#include "modules/kafka/lua_sources.h"
#include "scripting/binding.h"
#include "scripting/call_guard.h"
#include "scripting/lua_state.h"
#include "scripting/sandbox.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

class KafkaInstance final : public Module::Instance {
 public:
  KafkaInstance(ScriptHost& host, const kafka::KafkaMetricIds& ids, KafkaReplyHubs& hubs,
                kafka::LagBoard& lags)
      : host_(host),
        metrics_(ids, host.worker().shard, host.worker().run_tags),
        records_(host.main_state()),
        producing_(host, metrics_, records_, clients_),
        consuming_(host, metrics_, clients_),
        clients_({host.worker().loop, host.worker().log, metrics_, &lags}),
        transactions_(host, metrics_),
        admin_(host),
        requests_(host, metrics_, hubs, records_) {}

  void push(lua_State* L) override;
  void flush(Instant until, const std::function<void()>& done) override;
  void cut_flush() override;

 private:
  static int describe_error(lua_State* L);

  std::vector<kafka::Producer*> all_producers();
  void abort_transactions(Instant until, const std::function<void()>& done);

  ScriptHost& host_;
  kafka::KafkaMetrics metrics_;
  KafkaRecordReader records_;
  // The calls outlive the clients, which may know them.
  KafkaProducerFunctions producing_;
  KafkaConsumerFunctions consuming_;
  KafkaClients clients_;
  KafkaTransactionFunctions transactions_;
  KafkaAdminFunctions admin_;
  KafkaRequestFunctions requests_;
};

// describe_error(number) -> name, message
int KafkaInstance::describe_error(lua_State* L) {
  const auto code = static_cast<kafka::ErrorCode>(lua_tointeger(L, 1));
  lua_pushstring(L, kafka::name_of(code));
  lua_pushstring(L, kafka::message_of(code));
  return 2;
}

void KafkaInstance::push(lua_State* L) {
  lua_newtable(L);
  const Function functions[] = {{"describe_error", bound<describe_error>}};
  set_functions(L, this, functions);
  producing_.add_to(L);
  consuming_.add_to(L);
  transactions_.add_to(L);
  admin_.add_to(L);
  requests_.add_to(L);
  push_call_guard(L);
  run_source(L, "kafka", kafka_source("kafka"), 2);
}

std::vector<kafka::Producer*> KafkaInstance::all_producers() {
  std::vector<kafka::Producer*> all = requests_.producers();
  for (const auto& each : clients_.producers())
    each->list_clients(all);
  return all;
}

void KafkaInstance::abort_transactions(Instant until, const std::function<void()>& done) {
  std::vector<KafkaProducer*> producers;
  for (const auto& each : clients_.producers()) {
    if (each->transactional()) producers.push_back(each.get());
  }
  transactions_.abort_open(producers, until, done);
}

// The lag is recorded once more: statistics come once a second.
void KafkaInstance::flush(Instant until, const std::function<void()>& done) {
  for (const auto& consumer : clients_.consumers())
    consumer->record_lags();
  const std::vector<kafka::Producer*> producers = all_producers();
  if (producers.empty()) return done();
  const auto left = std::make_shared<size_t>(producers.size());
  for (kafka::Producer* const producer : producers) {
    producer->flush(until, [this, until, left, done] {
      if (--*left == 0) abort_transactions(until, done);
    });
  }
}

void KafkaInstance::cut_flush() {
  for (kafka::Producer* const producer : all_producers())
    producer->cut_flush();
}

}  // namespace

void KafkaModule::declare(MetricRegistry& registry) {
  ids_ = kafka::KafkaMetricIds::declare(registry);
}

std::unique_ptr<Module::Instance> KafkaModule::open(ScriptHost& host) {
  return std::make_unique<KafkaInstance>(host, ids_, hubs_, lags_);
}

}  // namespace perigee
