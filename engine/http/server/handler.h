// What the owner of a server has to say and to hear of its requests.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/http/server/duplex.h"
#include "engine/http/server/reply.h"
#include "engine/http/server/request.h"

namespace perigee::http {

// Hears what happens on one connection, and lives as long as that.
class ServerObserver {
 public:
  ServerObserver() = default;
  virtual ~ServerObserver() = default;
  ServerObserver(const ServerObserver&) = delete;
  ServerObserver& operator=(const ServerObserver&) = delete;

  // The head of a request is complete. May set its `label`.
  virtual void on_request(ServerRequest& /*request*/, Instant /*at*/) {}
  // What came was not a request.
  virtual void on_malformed() {}
  // All bytes of a request have come; null: they never became a request.
  virtual void on_received(const ServerRequest* /*request*/, size_t /*bytes*/) {}
  // Bytes of a reply go out, of HTTP/1.1; null: to what never became a request.
  virtual void on_sent(const ServerRequest* /*request*/, size_t /*bytes*/) {}
  // A reply goes out, and as a whole.
  virtual void on_replied(const ServerRequest& /*request*/, int /*status*/) {}
};

// Thread: the server's. Outlives it.
class ServerHandler {
 public:
  virtual ~ServerHandler() = default;

  // The head of a request of HTTP/2 is complete. Whoever takes the rest of it as it comes is
  // returned, and may send by `stream` from here on. By default nobody does: null, and `respond`
  // hears of the request when all of it is there.
  virtual std::unique_ptr<DuplexEvents> open(const ServerRequest& request, DuplexStream& stream,
                                             Instant at);
  // A request is complete; it came in at this instant. Its body may be changed.
  virtual Reply respond(ServerRequest& request, Instant at) = 0;
  // The form of what the server says itself to a request that it can't take: 400, 413 or 431.
  // `path` is empty where that is not known. By default `message` as plain text.
  virtual Reply refuse(std::string_view path, int status, std::string_view message);
  // A connection begins. By default nobody watches it.
  virtual std::unique_ptr<ServerObserver> observe();
};

}  // namespace perigee::http
