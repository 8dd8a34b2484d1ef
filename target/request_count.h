// What one connection tells the statistics of its requests.
#pragma once

#include "engine/http/server/handler.h"
#include "target/target_stats.h"

namespace perigee {

// Requests for the statistics themselves are not counted: asking for them does not change them.
class RequestCount final : public http::ServerObserver {
 public:
  explicit RequestCount(StatsShard& stats) : stats_(stats) {}

  // Labels the request with its route.
  void on_request(http::ServerRequest& request, Instant at) override;
  void on_malformed() override;
  void on_received(const http::ServerRequest* request, size_t bytes) override;
  void on_sent(const http::ServerRequest* request, size_t bytes) override;
  void on_replied(const http::ServerRequest& request, int status) override;

 private:
  void count_connection();

  StatsShard& stats_;
  bool any_ = false;
};

}  // namespace perigee
