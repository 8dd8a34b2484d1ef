#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/http/client.h"
#include "engine/http/connection.h"

namespace perigee::http {

ConnectionPool::ConnectionPool(Traffic& traffic, uint64_t user) : traffic_(traffic), user_(user) {}

ConnectionPool::~ConnectionPool() {
  PERIGEE_CHECK(exchanges_ == 0);
}

void ConnectionPool::close_idle() {
  for (size_t i = available_.size(); i-- > 0;) {
    if (available_[i]->idle()) remove(*available_[i]);
  }
}

ConnectionPool::Kept ConnectionPool::take(const Url& url, bool repeatable, Instant now) {
  using Readiness = Connection::Readiness;
  Instant settled{};
  for (size_t i = available_.size(); i-- > 0;) {
    Connection* connection = available_[i];
    if (!connection->serves(url)) continue;
    switch (connection->readiness(repeatable, now)) {
      case Readiness::kReady:
        if (!connection->shared()) {
          available_.erase(available_.begin() + static_cast<std::ptrdiff_t>(i));
          connection->available_ = false;
        }
        connection->use();
        return {connection};
      case Readiness::kSettling:
        settled = connection->settled();  // of the one that rests longest, in the end
        break;
      case Readiness::kUnsafe:
        break;
      case Readiness::kGone:
        remove(*connection);
        break;
    }
  }
  return {nullptr, settled};
}

Connection& ConnectionPool::add(std::unique_ptr<Connection> connection) {
  connection->index_ = static_cast<uint32_t>(connections_.size());
  connections_.push_back(std::move(connection));
  return *connections_.back();
}

void ConnectionPool::make_available(Connection& connection, const ClientSettings& settings) {
  const bool was_available = std::exchange(connection.available_, true);
  if (!was_available) available_.push_back(&connection);
  if (connection.shared() ? !connection.idle() : was_available) return;
  connection.rest();
  close_surplus(connection, settings);
}

void ConnectionPool::close_surplus(const Connection& latest, const ClientSettings& settings) {
  // The list is seldom long enough to be looked through.
  const auto close_first = [&](size_t most, const auto& counts) {
    if (available_.size() <= most) return;
    const auto count = std::count_if(available_.begin(), available_.end(), counts);
    if (static_cast<size_t>(count) <= most) return;
    remove(**std::find_if(available_.begin(), available_.end(), counts));
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

Connection* ConnectionPool::first_idle_to(const Url& hop) const {
  const auto idle =
      std::find_if(available_.begin(), available_.end(),
                   [&](const Connection* other) { return other->idle() && other->serves(hop); });
  return idle == available_.end() ? nullptr : *idle;
}

void ConnectionPool::remove(Connection& connection) {
  withdraw(connection);
  if (connection.counted_) queue_->closed(connection.origin());
  const uint32_t index = connection.index_;
  const std::unique_ptr<Connection> removed = std::move(connections_[index]);
  if (index + 1 < connections_.size()) {
    connections_[index] = std::move(connections_.back());
    connections_[index]->index_ = index;
  }
  connections_.pop_back();
}

void ConnectionPool::withdraw(Connection& connection) {
  if (std::exchange(connection.available_, false)) std::erase(available_, &connection);
}

bool ConnectionPool::make_room(const Url& hop) {
  if (queue_->may_open(hop)) return true;
  Connection* idle = queue_->host_allows(hop) ? first_idle() : first_idle_to(hop);
  if (idle == nullptr) return false;
  remove(*idle);
  return true;
}

Exchange* ConnectionPool::next_in_line() {
  return queue_->take_first([this](const Url& hop) {
    const auto leads_there = [&](const Connection* other) {
      return other->serves(hop) && other->has_room();
    };
    if (std::any_of(available_.begin(), available_.end(), leads_there)) return true;
    if (queue_->expects_room(hop, 0)) return false;
    return queue_->may_open(hop) || (first_idle() != nullptr && queue_->host_allows(hop));
  });
}

}  // namespace perigee::http
