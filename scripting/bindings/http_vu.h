// What the HTTP module keeps for one VU.
#pragma once

#include <cstddef>

#include "engine/http/client.h"
#include "engine/http/cookie_jar.h"
#include "engine/http/http_options.h"
#include "scripting/bindings/expected_statuses.h"
#include "scripting/lua_vu.h"

namespace perigee {

// Its own connections, kept alive between its iterations, and what its script has set.
class HttpVu final : public VuExtension {
 public:
  // The options must outlive it.
  HttpVu(uint64_t user, const http::HttpOptions& options)
      : options_(options), pool_(traffic_, user) {}

  http::ConnectionPool& pool() { return pool_; }

  void on_iteration_end(LuaVu& vu) override {
    if (options_.no_vu_connection_reuse) pool_.close_idle();
    vu.add_traffic(traffic_.sent - told_.sent, traffic_.received - told_.received);
    told_ = traffic_;
    if (!options_.no_cookies_reset) jar.clear();
  }

  http::CookieJar jar;
  ExpectedStatuses::Id expected = ExpectedStatuses::kDefault;
  size_t async_requests = 0;  // in flight

 private:
  const http::HttpOptions& options_;
  http::Traffic traffic_;
  http::Traffic told_;
  http::ConnectionPool pool_;
};

}  // namespace perigee
