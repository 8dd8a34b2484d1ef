// What the HTTP module keeps for one VU.
#pragma once

#include <cstddef>

#include "engine/http/client.h"
#include "scripting/bindings/expected_statuses.h"
#include "scripting/lua_vu.h"

namespace perigee {

// Its own connections, kept alive between its iterations, and what its script has set.
class HttpVu final : public VuExtension {
 public:
  // `kept`: its connections stay from one iteration to the next.
  HttpVu(uint64_t user, bool kept) : pool_(traffic_, user), kept_(kept) {}
  http::ConnectionPool& pool() { return pool_; }

  void on_iteration_end(LuaVu& vu) override {
    if (!kept_) pool_.close_idle();
    vu.add_traffic(traffic_.sent - told_.sent, traffic_.received - told_.received);
    told_ = traffic_;
  }

  ExpectedStatuses::Id expected = ExpectedStatuses::kDefault;
  size_t async_requests = 0;  // in flight

 private:
  http::Traffic traffic_;
  http::Traffic told_;
  http::ConnectionPool pool_;
  const bool kept_;
};

}  // namespace perigee
