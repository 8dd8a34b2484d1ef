#include "engine/http/connection_pool.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/http/client_settings.h"
#include "engine/http/connection.h"
#include "engine/http/exchange.h"

namespace perigee::http {

ConnectionPool::ConnectionPool(Traffic& traffic, uint64_t user) : traffic_(traffic), user_(user) {}

ConnectionPool::~ConnectionPool() {
  PERIGEE_CHECK(exchanges_ == 0);
}

void ConnectionPool::close_idle() {
  for (size_t i = available_.size(); i-- > 0;) {
    if (available_[i]->idle()) closed(*available_[i]);
  }
}

ConnectionPool::Kept ConnectionPool::acquire(const Url& endpoint, bool repeatable, Instant now) {
  using Readiness = Connection::Readiness;
  Instant settled{};
  for (size_t i = available_.size(); i-- > 0;) {
    Connection* connection = available_[i];
    if (!connection->serves(endpoint)) continue;
    switch (connection->readiness(repeatable, now)) {
      case Readiness::kReady:
        if (!connection->shared()) {
          available_.erase(available_.begin() + static_cast<std::ptrdiff_t>(i));
          connection->place().available = false;
        }
        connection->use();
        return {connection};
      case Readiness::kSettling:
        settled = connection->settled();  // of the one that rests longest, in the end
        break;
      case Readiness::kUnsafe:
        break;
      case Readiness::kGone:
        closed(*connection);
        break;
    }
  }
  return {nullptr, settled};
}

Connection& ConnectionPool::opened(std::unique_ptr<Connection> connection) {
  connection->place().index = static_cast<uint32_t>(connections_.size());
  connections_.push_back(std::move(connection));
  return *connections_.back();
}

void ConnectionPool::release(Connection& connection, const ClientSettings& settings) {
  const bool was_available = std::exchange(connection.place().available, true);
  if (!was_available) available_.push_back(&connection);
  if (connection.shared() ? !connection.idle() : was_available) return;
  connection.rest();
  close_surplus(connection, settings);
}

void ConnectionPool::close_surplus(const Connection& latest, const ClientSettings& settings) {
  // The list is seldom long enough to be looked through.
  const auto close_first = [&](size_t max, const auto& counts) {
    if (available_.size() <= max) return;
    const auto count = std::count_if(available_.begin(), available_.end(), counts);
    if (static_cast<size_t>(count) <= max) return;
    closed(**std::find_if(available_.begin(), available_.end(), counts));
  };
  close_first(settings.idle_connections, [](const Connection* other) { return other->idle(); });
  close_first(settings.idle_connections_per_host, [&](const Connection* other) {
    return other->idle() && other->serves(latest.origin());
  });
}

Connection* ConnectionPool::first_idle() const {
  const auto idle = std::find_if(available_.begin(), available_.end(),
                                 [](const Connection* other) { return other->idle(); });
  return idle == available_.end() ? nullptr : *idle;
}

Connection* ConnectionPool::first_idle_to(const Url& endpoint) const {
  const auto idle = std::find_if(
      available_.begin(), available_.end(),
      [&](const Connection* other) { return other->idle() && other->serves(endpoint); });
  return idle == available_.end() ? nullptr : *idle;
}

void ConnectionPool::closed(Connection& connection) {
  withdraw(connection);
  if (connection.place().counted) queue_->closed(connection.origin());
  const uint32_t index = connection.place().index;
  const std::unique_ptr<Connection> removed = std::move(connections_[index]);
  if (index + 1 < connections_.size()) {
    connections_[index] = std::move(connections_.back());
    connections_[index]->place().index = index;
  }
  connections_.pop_back();
}

void ConnectionPool::withdraw(Connection& connection) {
  if (std::exchange(connection.place().available, false)) std::erase(available_, &connection);
}

void ConnectionPool::begin_queueing(const ConnectionLimits& limits, uint32_t streams) {
  if (!queue_) queue_ = std::make_unique<ConnectionQueue>(limits, streams);
}

bool ConnectionPool::make_room(const Url& endpoint) {
  return !queue_ || (!queue_->expects_room(endpoint, 1) && allows_another(endpoint));
}

bool ConnectionPool::dial_started(const std::shared_ptr<const Url>& endpoint) {
  if (!queue_) return false;
  queue_->opened(endpoint);
  return true;
}

void ConnectionPool::dial_failed(const Url& endpoint) {
  queue_->dialled(endpoint);
  queue_->closed(endpoint);
}

void ConnectionPool::set_streams(const std::shared_ptr<const Url>& endpoint, uint32_t streams) {
  if (queue_) queue_->set_streams(endpoint, streams);
}

bool ConnectionPool::allows_another(const Url& endpoint) {
  if (queue_->may_open(endpoint)) return true;
  Connection* idle = queue_->host_allows(endpoint) ? first_idle() : first_idle_to(endpoint);
  if (idle == nullptr) return false;
  closed(*idle);
  return true;
}

Exchange* ConnectionPool::next() {
  return queue_->take_first([this](const Url& endpoint) {
    const auto leads_there = [&](const Connection* other) {
      return other->serves(endpoint) && other->has_room();
    };
    if (std::any_of(available_.begin(), available_.end(), leads_there)) return true;
    if (queue_->expects_room(endpoint, 0)) return false;
    return queue_->may_open(endpoint) || (first_idle() != nullptr && queue_->host_allows(endpoint));
  });
}

}  // namespace perigee::http
