#include "engine/http/server/server.h"

#include <utility>

#include "engine/http/server/greeting.h"

namespace perigee::http {

Server::Server(Loop& loop, const Options& options, ServerHandler& handler, Log& log)
    : log_(log),
      context_{.loop = loop,
               .handler = handler,
               .tls = options.tls,
               .limits = options.limits,
               .finished = [this](ServerConnection& connection) { remove(connection); },
               .replaced =
                   [this](ServerConnection& connection, std::unique_ptr<ServerConnection> by) {
                     replace(connection, std::move(by));
                   },
               .deadlines = Deadlines(loop.timers())},
      listener_(loop, options.address, options.shared, [this] { accept(); }) {}

Server::~Server() = default;

void Server::accept() {
  auto connection = std::make_unique<Greeting>(context_, listener_);
  if (!connection->accepted()) {
    log_.limited(
        LogLevel::kWarning, "server accept",
        "a connection could not be accepted; are there enough file descriptors (ulimit -n)?");
    return;
  }
  if (full()) {
    log_.limited(LogLevel::kWarning, "server full",
                 "a connection was closed, as there are as many as the server may have");
    return;
  }
  context_.rest(*connection);
  connection->index = connections_.size();
  connections_.push_back(std::move(connection));
}

bool Server::full() const {
  return context_.limits.connections > 0 && connections_.size() >= context_.limits.connections;
}

void Server::replace(ServerConnection& connection, std::unique_ptr<ServerConnection> by) {
  by->index = connection.index;
  connections_[by->index].swap(by);
}

void Server::remove(ServerConnection& connection) {
  const size_t index = connection.index;
  std::swap(connections_[index], connections_.back());
  connections_[index]->index = index;
  connections_.pop_back();
}

}  // namespace perigee::http
