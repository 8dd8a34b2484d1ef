// What the connections of one server share.
#pragma once

#include <functional>
#include <memory>

#include "engine/loop/loop.h"
#include "engine/net/tls_server_context.h"
#include "target/answer.h"
#include "target/connection.h"
#include "target/target_request.h"
#include "target/target_stats.h"
#include "target/websocket_echo.h"

namespace perigee {

struct ConnectionContext {
  Loop& loop;
  StatsShard& stats;
  const TlsServerContext* tls;  // null: none is spoken
  // Answers a request that came in at an instant. It may unpack the request's body in place.
  std::function<Answer(TargetRequest& request, Instant at)> respond;
  // The connection is over; destroys it.
  std::function<void(TargetConnection&)> finished;
  // Goes on as another one; destroys it, too.
  std::function<void(TargetConnection&, std::unique_ptr<TargetConnection>)> replaced;
  EchoContext& echoes;
};

}  // namespace perigee
