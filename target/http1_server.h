// The HTTP/1.1 side of one worker: a listening socket and the connections it has accepted.
#pragma once

#include <memory>
#include <vector>

#include "engine/base/log.h"
#include "target/http1_connection.h"

namespace perigee {

// Lives on its loop's thread, but may be made before that runs.
class Http1Server {
 public:
  using Respond = std::function<Answer(const TargetRequest& request, Instant at)>;

  // Throws std::runtime_error if it can't listen at `address`.
  Http1Server(Loop& loop, const Address& address, bool shared, StatsShard& stats, Log& log,
              Respond respond);
  ~Http1Server();
  Http1Server(const Http1Server&) = delete;
  Http1Server& operator=(const Http1Server&) = delete;

  const Address& address() const { return listener_.address(); }

 private:
  void accept();
  void remove(Http1Connection& connection);

  Log& log_;
  EchoContext echoes_;
  Http1Context context_;
  Listener listener_;
  std::vector<std::unique_ptr<Http1Connection>> connections_;
};

}  // namespace perigee
