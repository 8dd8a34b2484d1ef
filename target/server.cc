#include "target/server.h"

#include <utility>

#include "target/greeting.h"

namespace perigee {

TargetServer::TargetServer(Loop& loop, const Options& options, StatsShard& stats, Log& log,
                           Respond respond)
    : log_(log),
      echoes_(loop),
      context_{.loop = loop,
               .stats = stats,
               .tls = options.tls,
               .respond = std::move(respond),
               .finished = [this](TargetConnection& connection) { remove(connection); },
               .replaced =
                   [this](TargetConnection& connection, std::unique_ptr<TargetConnection> by) {
                     replace(connection, std::move(by));
                   },
               .echoes = echoes_},
      listener_(loop, options.address, options.shared, [this] { accept(); }) {}

TargetServer::~TargetServer() = default;

void TargetServer::accept() {
  auto connection = std::make_unique<Greeting>(context_, listener_);
  if (!connection->accepted()) {
    log_.limited(
        LogLevel::kWarning, "target accept",
        "a connection could not be accepted; are there enough file descriptors (ulimit -n)?");
    return;
  }
  connection->index = connections_.size();
  connections_.push_back(std::move(connection));
}

void TargetServer::replace(TargetConnection& connection, std::unique_ptr<TargetConnection> by) {
  by->index = connection.index;
  connections_[by->index].swap(by);
}

void TargetServer::remove(TargetConnection& connection) {
  const size_t index = connection.index;
  std::swap(connections_[index], connections_.back());
  connections_[index]->index = index;
  connections_.pop_back();
}

}  // namespace perigee
