#include "scripting/bindings/http_clients.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/limits.h"
#include "engine/execution/json_reader.h"
#include "engine/execution/tls_options_reader.h"
#include "engine/http/batch_schedule.h"
#include "engine/net/tls_context.h"

namespace perigee {
namespace {

// What many VUs share stays open while one of them may need it, as does what is limited.
void keep_connections(const HttpClientOptions& options, http::ClientSettings& settings) {
  constexpr size_t kNone = http::ConnectionLimits::kNone;
  settings.versions = options.versions;
  if (options.max_concurrent_streams) {
    settings.streams_per_connection = static_cast<uint32_t>(*options.max_concurrent_streams);
  }
  settings.connections.total = options.max_connections.value_or(kNone);
  settings.connections.per_host = options.max_connections_per_host.value_or(kNone);
  if (!options.shared.empty() || options.max_connections) {
    settings.idle_connections = settings.connections.total;
    settings.idle_connections_per_host = settings.connections.per_host;
  } else if (options.max_connections_per_host) {
    settings.idle_connections_per_host = settings.connections.per_host;
  }
}

std::shared_ptr<const TlsContext> tls_of(const HttpClientOptions& options, const TlsOptions& run) {
  const auto table = nlohmann::json::parse(options.tls);
  return std::make_shared<const TlsContext>(
      read_client_tls(JsonReader(table, "http.client: tls"), run));
}

http::ClientSettings settings_of(const HttpClientOptions& options, http::ClientSettings settings) {
  if (options.user_agent) settings.user_agent = *options.user_agent;
  if (options.proxy) settings.proxies = http::ProxySettings::through(*options.proxy);
  settings.idle_timeout = options.idle_timeout.value_or(Duration::zero());
  settings.connection_lifetime = options.connection_lifetime.value_or(Duration::zero());
  keep_connections(options, settings);
  return settings;
}

}  // namespace

HttpClients::HttpClients(ScriptHost& host, const http::ProxySettings& proxies)
    : host_(host), proxies_(proxies) {
  WorkerContext& worker = host.worker();
  const http::HttpDebugLevel level = worker.options.http.debug;
  if (level != http::HttpDebugLevel::kOff) {
    debug_.emplace(worker.log, level == http::HttpDebugLevel::kFull);
    heads_debug_.emplace(worker.log, false, "Private ");
  }
  clients_.push_back(
      std::make_unique<ConfiguredClient>(host, default_settings(), HttpClientOptions()));
}

http::ClientSettings HttpClients::default_settings() {
  WorkerContext& worker = host_.worker();
  const http::HttpOptions& options = worker.options.http;
  http::ClientSettings settings;
  if (!options.user_agent.empty()) settings.user_agent = options.user_agent;
  settings.reuse_connections = !options.no_connection_reuse;
  // As many as a batch may use at a time.
  const http::BatchLimits limits = http::batch_limits(options);
  settings.idle_connections = limits.total;
  settings.idle_connections_per_host = limits.per_host;
  if (!worker.state.request_rate.unlimited()) settings.rate = &worker.state.request_rate;
  settings.proxies = proxies_;
  if (debug_) settings.debug = &*debug_;
  return settings;
}

ConfiguredClient& HttpClients::find(const HttpClientOptions& options) {
  for (const auto& known : clients_) {
    if (known->options == options) return *known;
  }
  if (clients_.size() == limits::kHttpClients) {
    throw std::runtime_error(
        fmt::format("http.client: there may be {} clients with different settings: let VUs use "
                    "the same ones, which costs each of them its connections only",
                    limits::kHttpClients));
  }
  http::ClientSettings settings = settings_of(options, default_settings());
  if (heads_debug_ && !options.logs_bodies) settings.debug = &*heads_debug_;
  if (!options.tls.empty()) settings.tls = tls_of(options, host_.worker().options.net.tls);
  clients_.push_back(std::make_unique<ConfiguredClient>(host_, std::move(settings), options));
  return *clients_.back();
}

SharedPool& HttpClients::shared(ConfiguredClient& configured) {
  const std::string& name = configured.options.shared;
  const auto [found, added] = shared_.try_emplace(name, configured);
  if (&found->second.configured != &configured) {
    throw std::runtime_error(fmt::format(
        "http.client: \"{}\" is shared already, with other settings: give all that share it the "
        "same ones, or this client another name",
        name));
  }
  return found->second;
}

}  // namespace perigee
