// The clients of one worker's scripts: one for all that want the same settings, and the pools of
// connections that VUs share by name.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/http/client.h"
#include "engine/http/connection_pool.h"
#include "engine/http/http_debug.h"
#include "scripting/bindings/http_client_options.h"
#include "scripting/script_host.h"

namespace perigee {

// Settings with the client that has them.
struct ConfiguredClient {
  ConfiguredClient(ScriptHost& host, http::ClientSettings settings, HttpClientOptions own)
      : options(std::move(own)),
        client(host.worker().loop, host.network(), host.deadlines(), std::move(settings)) {}

  const HttpClientOptions options;
  http::Client client;
};

// Connections that VUs share.
struct SharedPool {
  explicit SharedPool(ConfiguredClient& client) : configured(client) {}

  ConfiguredClient& configured;
  http::Traffic traffic{};
  http::Traffic told{};  // that VUs have reported as theirs
  http::ConnectionPool pool{traffic};
};

// What a VU sends a request with: a client's settings, and connections of its own or shared.
struct HttpClient {
  ConfiguredClient* configured = nullptr;
  http::ConnectionPool* pool = nullptr;
};

class HttpClients {
 public:
  // `proxies` is what holds where a client's settings say nothing.
  HttpClients(ScriptHost& host, const http::ProxySettings& proxies);

  // That of http.get and the rest.
  ConfiguredClient& default_client() { return *clients_.front(); }
  // Throws std::runtime_error if the settings make no sense, or there are too many different ones.
  ConfiguredClient& find(const HttpClientOptions& options);
  // The pool of this name, made when it is first asked for. Throws std::runtime_error if it has
  // been made with other settings.
  SharedPool& shared(ConfiguredClient& configured);

 private:
  http::ClientSettings default_settings();

  ScriptHost& host_;
  const http::ProxySettings& proxies_;
  std::optional<http::HttpDebug> debug_;        // if requests are to be logged
  std::optional<http::HttpDebug> heads_debug_;  // the same without their bodies
  std::vector<std::unique_ptr<ConfiguredClient>> clients_;
  std::map<std::string, SharedPool> shared_;  // after the clients, which outlive the pools
};

}  // namespace perigee
