#include "modules/kafka/binding/producer.h"

#include <utility>

namespace perigee {

KafkaProducer::KafkaProducer(const kafka::ClientContext& context,
                             const kafka::ProducerSettings& settings, bool waits)
    : context_(context),
      settings_(settings),
      waits_when_full_(waits),
      client_(std::make_unique<kafka::Producer>(context, settings)) {}

void KafkaProducer::renew_if_broken() {
  if (rd_kafka_fatal_error(client_->client().get(), nullptr, 0) == kafka::kNoError) return;
  std::erase_if(retired_, [](const auto& client) { return client->outstanding() == 0; });
  auto client = std::make_unique<kafka::Producer>(context_, settings_);
  std::swap(client_, client);
  transactions_.forget();
  if (client->outstanding() > 0) retired_.push_back(std::move(client));
}

void KafkaProducer::list_clients(std::vector<kafka::Producer*>& list) const {
  for (const auto& client : retired_)
    list.push_back(client.get());
  list.push_back(client_.get());
}

}  // namespace perigee
