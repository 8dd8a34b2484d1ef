// What the connections of one server share.
#pragma once

#include <functional>
#include <memory>

#include "engine/http/server/connection.h"
#include "engine/http/server/handler.h"
#include "engine/http/server/limits.h"
#include "engine/loop/loop.h"
#include "engine/net/tls_server_context.h"

namespace perigee::http {

struct ServerContext {
  Loop& loop;
  ServerHandler& handler;
  const TlsServerContext* tls;  // null: none is spoken
  const ServerLimits limits;
  // The connection is over; destroys it.
  std::function<void(ServerConnection&)> finished;
  // Goes on as another one; destroys it, too.
  std::function<void(ServerConnection&, std::unique_ptr<ServerConnection>)> replaced;
  Deadlines deadlines;

  // The connection has nothing to do from now on.
  void rest(ServerConnection& connection) {
    if (limits.idle > Duration{}) deadlines.arm(connection, limits.idle, loop.now());
  }
};

}  // namespace perigee::http
