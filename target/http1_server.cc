#include "target/http1_server.h"

#include <utility>

namespace perigee {

Http1Server::Http1Server(Loop& loop, const Address& address, bool shared, StatsShard& stats,
                         Log& log, Respond respond)
    : log_(log),
      echoes_(loop),
      context_{loop, stats, std::move(respond), [this](Http1Connection& c) { remove(c); }, echoes_},
      listener_(loop, address, shared, [this] { accept(); }) {}

Http1Server::~Http1Server() = default;

void Http1Server::accept() {
  auto connection = std::make_unique<Http1Connection>(context_, listener_);
  if (!connection->accepted()) {
    log_.limited(
        LogLevel::kWarning, "target accept",
        "a connection could not be accepted; are there enough file descriptors (ulimit -n)?");
    return;
  }
  connection->index = connections_.size();
  connections_.push_back(std::move(connection));
}

void Http1Server::remove(Http1Connection& connection) {
  const size_t index = connection.index;
  std::swap(connections_[index], connections_.back());
  connections_[index]->index = index;
  connections_.pop_back();
}

}  // namespace perigee
