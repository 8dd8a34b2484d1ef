// What the HTTP module keeps for one VU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/http/client.h"
#include "engine/http/connection_pool.h"
#include "engine/http/cookie_jar.h"
#include "engine/http/http_options.h"
#include "scripting/bindings/expected_statuses.h"
#include "scripting/bindings/http_clients.h"
#include "scripting/lua_vu.h"
#include "scripting/script_host.h"

namespace perigee {

// Its own connections, kept alive between its iterations, and what its script has set.
class HttpVu final : public VuExtension {
 public:
  // The options and the clients must outlive it.
  HttpVu(uint64_t user, const http::HttpOptions& options, HttpClients& clients)
      : options_(options), user_(user), client_{&clients.default_client(), &pool_} {}

  // That of http.get and the rest.
  const HttpClient& client() const { return client_; }
  // Makes a client of the script's own, which lives as long as the VU. Throws std::runtime_error.
  const HttpClient& make_client(HttpClients& clients, const HttpClientOptions& options);

  void on_iteration_end(LuaVu& vu) override;

  http::CookieJar jar;
  ExpectedStatuses::Id expected = ExpectedStatuses::kDefault;
  size_t async_requests = 0;  // in flight

 private:
  struct OwnClient {
    HttpClient client;
    std::unique_ptr<http::ConnectionPool> pool;  // null if it is shared ...
    SharedPool* shared = nullptr;                // ... which is this one
  };
  using OwnClients = std::vector<std::unique_ptr<OwnClient>>;

  void end_of_iteration(OwnClient& own, LuaVu& vu) const;

  const http::HttpOptions& options_;
  const uint64_t user_;
  http::Traffic traffic_;
  http::Traffic told_;
  http::ConnectionPool pool_{traffic_, user_};
  HttpClient client_;
  std::unique_ptr<OwnClients> own_;  // null for most
};

// Those of one worker.
class HttpVus {
 public:
  // The host and the clients must outlive it.
  HttpVus(ScriptHost& host, HttpClients& clients);

  // What the VU has, made when it is first asked for.
  HttpVu& of(LuaVu& vu);

 private:
  ScriptHost& host_;
  HttpClients& clients_;
  const size_t slot_;
};

}  // namespace perigee
