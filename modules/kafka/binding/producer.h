// A producer as scripts have it, which may take another client's place.
#pragma once

#include <memory>
#include <vector>

#include "modules/kafka/producer.h"
#include "modules/kafka/transactions.h"

namespace perigee {

class KafkaProducer {
 public:
  KafkaProducer(const kafka::ClientContext& context, const kafka::ProducerSettings& settings,
                bool waits);

  kafka::Producer& client() const { return *client_; }
  bool waits_when_full() const { return waits_when_full_; }
  bool transactional() const { return settings_.properties.contains("transactional.id"); }
  kafka::Transactions& transactions() { return transactions_; }

  // A client that had a fatal error can't go on: another one takes its place.
  void renew_if_broken();
  // Adds the clients whose messages may still be on their way.
  void list_clients(std::vector<kafka::Producer*>& list) const;

  // The transaction that is open, or was last.
  struct {
    Instant began{};
    bool counted = true;
  } transaction;

 private:
  const kafka::ClientContext context_;
  const kafka::ProducerSettings settings_;
  const bool waits_when_full_;
  kafka::Transactions transactions_;
  std::vector<std::unique_ptr<kafka::Producer>> retired_;  // with messages on their way
  std::unique_ptr<kafka::Producer> client_;
};

}  // namespace perigee
