#include "scripting/bindings/grpc/channels.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/execution/json_reader.h"
#include "engine/execution/tls_options_reader.h"

namespace perigee {
namespace {

// k6's keys of a connection's tls in the place of those that options have.
nlohmann::json with_own_names(nlohmann::json table, const std::string& authority) {
  nlohmann::json certificate = nlohmann::json::object();
  for (const char* key : {"cert", "key", "password"}) {
    if (!table.contains(key)) continue;
    certificate[key] = table[key];
    table.erase(key);
  }
  if (!certificate.empty()) table["tlsAuth"] = nlohmann::json::array({certificate});
  if (table.contains("cacerts")) {
    const nlohmann::json authorities = table["cacerts"];
    table.erase("cacerts");
    table["tlsCACerts"] =
        authorities.is_array() ? authorities : nlohmann::json::array({authorities});
  }
  if (!authority.empty() && !table.contains("serverName")) {
    table["serverName"] = authority.substr(0, authority.rfind(':'));
  }
  return table;
}

std::shared_ptr<const http::Url> server_of(const GrpcConnectParams& params) {
  try {
    return grpc_server(params.address, params.plaintext);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("client:connect: {}", error.what()));
  }
}

// What a server says may depend on who asks.
std::string reflection_key(const GrpcConnectParams& params) {
  std::string key = "reflection\n" + params.address + '\n' + params.authority;
  for (const auto& [name, value] : params.reflect_metadata)
    key.append("\n").append(name).append("=").append(value);
  return key;
}

// The part of `connections` that the worker keeps, at least one.
size_t share_of(size_t connections, const WorkerContext& worker) {
  const size_t before = connections * worker.index / worker.count;
  const size_t after = connections * (worker.index + 1) / worker.count;
  return std::max<size_t>(after - before, 1);
}

}  // namespace

// Waits for the end of one reflection, and keeps its result.
class GrpcChannels::Query final : private grpc::Reflection::Events {
 public:
  Query(SchemaCache& schemas, std::string key)
      : schemas_(schemas),
        key_(std::move(key)),
        reflection_(static_cast<grpc::Reflection::Events&>(*this)) {}

  void start(grpc::Channel& channel, const GrpcConnectParams& params) {
    running_ = true;
    reflection_.start(channel, params.reflect_metadata, params.timeout);
  }
  bool running() const { return running_; }

  std::vector<GrpcReflectionUser*> users;

 private:
  void on_reflected(const grpc::Status& status, std::vector<std::string> files) override {
    running_ = false;
    std::string error;
    if (status.ok()) {
      error = link(files);
    } else {
      error = fmt::format("reflection: {} ({})", status.message, grpc::code_name(status.code));
    }
    for (GrpcReflectionUser* user : std::exchange(users, {}))
      user->on_schema(schema_, error);
  }

  std::string link(const std::vector<std::string>& files) {
    try {
      schema_ = schemas_.find(key_, /*may_load=*/true,
                              [&] { return protobuf::Schema::from_descriptors(files); });
      return {};
    } catch (const protobuf::SchemaError& error) {
      return fmt::format("reflection: {}", error.what());
    }
  }

  SchemaCache& schemas_;
  const std::string key_;
  grpc::Reflection reflection_;
  bool running_ = false;
  std::shared_ptr<const protobuf::Schema> schema_;
};

GrpcChannels::GrpcChannels(ScriptHost& host, const http::ProxySettings& proxies,
                           SchemaCache& schemas)
    : host_(host),
      proxies_(proxies),
      schemas_(schemas),
      turn_end_(host.worker().loop.turn_ends(), [this] { retired_.clear(); }) {}

GrpcChannels::~GrpcChannels() = default;

grpc::ChannelSettings GrpcChannels::settings_of(const GrpcConnectParams& params) {
  grpc::ChannelSettings settings;
  settings.server = server_of(params);
  settings.authority = params.authority;
  const std::string& user_agent = host_.worker().options.http.user_agent;
  if (!user_agent.empty()) settings.user_agent = user_agent;
  settings.tls = tls_of(params);
  settings.proxies = proxies_;
  settings.max_receive = params.max_receive;
  settings.max_send = params.max_send;
  settings.keepalive_time = params.keepalive_time;
  settings.keepalive_timeout = params.keepalive_timeout;
  settings.keepalive_without_calls = params.keepalive_without_calls;
  return settings;
}

// Contexts are shared by all who want the same: they are made of certificates.
std::shared_ptr<const TlsContext> GrpcChannels::tls_of(const GrpcConnectParams& params) {
  if (params.plaintext || (params.tls.empty() && params.authority.empty())) return nullptr;
  auto& context = tls_[params.tls + '\n' + params.authority];
  if (!context) {
    const auto table = with_own_names(
        params.tls.empty() ? nlohmann::json::object() : nlohmann::json::parse(params.tls),
        params.authority);
    context = std::make_shared<const TlsContext>(
        read_client_tls(JsonReader(table, "client:connect: tls"), host_.worker().options.net.tls));
  }
  return context;
}

std::unique_ptr<grpc::Channel> GrpcChannels::make(const GrpcConnectParams& params, uint64_t user) {
  grpc::ChannelSettings settings = settings_of(params);
  settings.user = user;
  return std::make_unique<grpc::Channel>(host_.worker().loop, host_.network(), host_.deadlines(),
                                         refused_, std::move(settings));
}

grpc::Channel& GrpcChannels::shared(const GrpcSharing& sharing, const GrpcConnectParams& params) {
  const auto found = shared_.find(sharing.name);
  if (found == shared_.end()) {
    grpc::ChannelSettings settings = settings_of(params);
    settings.connections = share_of(sharing.connections, host_.worker());
    auto channel = std::make_unique<grpc::Channel>(
        host_.worker().loop, host_.network(), host_.deadlines(), refused_, std::move(settings));
    return *shared_.emplace(sharing.name, GrpcSharedChannel{params, std::move(channel)})
                .first->second.channel;
  }
  if (found->second.params == params) return *found->second.channel;
  throw std::runtime_error(fmt::format(
      "client:connect: \"{}\" is shared and connected to {} already, with other parameters: give "
      "all that share it the same ones, or this client another name",
      sharing.name, found->second.params.address));
}

void GrpcChannels::retire(std::unique_ptr<grpc::Channel> channel) {
  if (!channel) return;
  retired_.push_back(std::move(channel));
  turn_end_.arm();
}

std::shared_ptr<const protobuf::Schema> GrpcChannels::reflected(grpc::Channel& channel,
                                                                const GrpcConnectParams& params,
                                                                GrpcReflectionUser& user) {
  const std::string key = reflection_key(params);
  if (auto known = schemas_.find(key, /*may_load=*/false, {})) return known;
  auto& query = queries_[key];
  if (!query) query = std::make_unique<Query>(schemas_, key);
  query->users.push_back(&user);
  if (!query->running()) query->start(channel, params);
  return nullptr;
}

bool GrpcChannels::provide(GrpcClient& client) {
  if (!client.params().reflect) return true;
  auto known = schemas_.find(reflection_key(client.params()), /*may_load=*/false, {});
  if (!known) return false;
  client.add_schema(std::move(known));
  return true;
}

void GrpcChannels::forget(GrpcReflectionUser& user) {
  for (const auto& [key, query] : queries_)
    std::erase(query->users, &user);
}

http::Traffic GrpcChannels::take_shared_traffic() {
  http::Traffic traffic;
  for (auto& [name, shared] : shared_) {
    const http::Traffic now = shared.channel->traffic();
    const http::Traffic before = std::exchange(shared.told, now);
    traffic.sent += now.sent - before.sent;
    traffic.received += now.received - before.received;
  }
  return traffic;
}

}  // namespace perigee
