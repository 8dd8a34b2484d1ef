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
  while (!available_.empty())
    remove(*available_.back());
}

Connection* ConnectionPool::take(const Url& url) {
  for (size_t i = available_.size(); i-- > 0;) {
    Connection* connection = available_[i];
    if (!connection->serves(url)) continue;
    available_.erase(available_.begin() + static_cast<std::ptrdiff_t>(i));
    connection->available_ = false;
    connection->use();
    return connection;
  }
  return nullptr;
}

Connection& ConnectionPool::add(std::unique_ptr<Connection> connection) {
  connection->index_ = static_cast<uint32_t>(connections_.size());
  connections_.push_back(std::move(connection));
  return *connections_.back();
}

void ConnectionPool::make_available(Connection& connection, const ClientSettings& settings) {
  if (std::exchange(connection.available_, true)) return;
  connection.rest();
  available_.push_back(&connection);
  if (available_.size() > settings.idle_connections) remove(*available_.front());
  const size_t most = settings.idle_connections_per_host;
  if (available_.size() > most) close_surplus(connection, most);
}

void ConnectionPool::close_surplus(const Connection& latest, size_t most) {
  const auto to_same_host = [&](const Connection* other) { return other->serves(latest.origin()); };
  if (static_cast<size_t>(std::count_if(available_.begin(), available_.end(), to_same_host)) >
      most) {
    remove(**std::find_if(available_.begin(), available_.end(), to_same_host));
  }
}

void ConnectionPool::remove(Connection& connection) {
  withdraw(connection);
  if (queue_) queue_->closed(connection.origin());
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
  if (available_.empty() || !queue_->host_allows(hop)) return false;
  remove(*available_.front());
  return true;
}

Exchange* ConnectionPool::next_in_line() {
  return queue_->take_first([this](const Url& hop) {
    const auto leads_there = [&](const Connection* idle) { return idle->serves(hop); };
    return std::any_of(available_.begin(), available_.end(), leads_there) ||
           queue_->may_open(hop) || (!available_.empty() && queue_->host_allows(hop));
  });
}

}  // namespace perigee::http
