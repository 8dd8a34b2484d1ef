#include "scripting/bindings/grpc/module.h"

#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "scripting/binding.h"
#include "scripting/bindings/grpc/call_result.h"
#include "scripting/bindings/grpc/calls.h"
#include "scripting/bindings/grpc/channels.h"
#include "scripting/bindings/grpc/connect_operation.h"
#include "scripting/bindings/grpc/messages.h"
#include "scripting/bindings/grpc/table_fields.h"
#include "scripting/bindings/grpc/vu.h"
#include "scripting/bindings/websocket_params.h"
#include "scripting/call_guard.h"
#include "scripting/lua_state.h"
#include "scripting/protobuf/message_decoder.h"
#include "scripting/sandbox.h"

namespace perigee {
namespace {

// What prelude/grpc.lua gives for a method, as pointers: a client, then one of its methods.
GrpcClient& client_at(lua_State* L, int index) {
  return *static_cast<GrpcClient*>(lua_touserdata(L, index));
}

GrpcMethod& method_at(lua_State* L, int index) {
  return *static_cast<GrpcMethod*>(lua_touserdata(L, index));
}

GrpcStreamCall& stream_at(lua_State* L, int index) {
  return *static_cast<GrpcStreamCall*>(lua_touserdata(L, index));
}

constexpr TableField<GrpcSharing> kClientFields[] = {
    {"shared",
     [](lua_State* L, int index, GrpcSharing& sharing) {
       if (lua_type(L, index) != LUA_TSTRING || lua_objlen(L, index) == 0) {
         throw std::runtime_error("shared must be a name");
       }
       sharing.name = view_at(L, index);
     }},
    {"connections",
     [](lua_State* L, int index, GrpcSharing& sharing) {
       const double count = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : 0;
       if (!(count >= 1 && count <= 10'000) || count != std::floor(count)) {
         throw std::runtime_error("connections must be a whole number from 1 to 10000");
       }
       sharing.connections = static_cast<size_t>(count);
     }},
};

class GrpcInstance final : public Module::Instance {
 public:
  GrpcInstance(ScriptHost& host, const grpc::GrpcMetricIds& ids, const http::ProxySettings& proxies,
               SchemaCache& schemas)
      : channels_(host, proxies, schemas),
        messages_(host, schemas),
        calls_(host, messages_, ids),
        slot_(host.new_extension_slot()) {}

  void push(lua_State* L) override;

 private:
  static GrpcInstance& self(lua_State* L) { return upvalue<GrpcInstance>(L); }

  static int new_client(lua_State* L);
  static int load(lua_State* L);
  static int load_protoset(lua_State* L);
  static int find_method(lua_State* L);
  static int health_check(lua_State* L);
  static int connect(lua_State* L);
  static int close(lua_State* L);
  static int invoke(lua_State* L);
  static int invoke_later(lua_State* L);
  static int await(lua_State* L);
  static int decode(lua_State* L);
  static int encode(lua_State* L);
  static int encode_json(lua_State* L);
  static int to_json(lua_State* L);
  static int open_stream(lua_State* L);
  static int send(lua_State* L);
  static int receive(lua_State* L);
  static int close_send(lua_State* L);
  static int close_stream(lua_State* L);
  static int stream_state(lua_State* L);

  ScriptHost& host() { return calls_.host(); }
  Instant now() { return host().worker().loop.now(); }
  GrpcVu& grpc_of(LuaVu& vu);
  GrpcConnectOperation& new_operation(LuaVu& vu, GrpcClient& client);

  GrpcChannels channels_;
  GrpcMessages messages_;
  GrpcCalls calls_;
  size_t slot_;
  std::vector<std::unique_ptr<GrpcConnectOperation>> operations_;
};

GrpcVu& GrpcInstance::grpc_of(LuaVu& vu) {
  if (vu.extension(slot_) == nullptr) {
    vu.set_extension(slot_, std::make_unique<GrpcVu>(channels_));
  }
  return static_cast<GrpcVu&>(*vu.extension(slot_));
}

// new_client(options) -> the client
int GrpcInstance::new_client(lua_State* L) {
  GrpcInstance& instance = self(L);
  lua_settop(L, 1);
  GrpcSharing sharing;
  if (!lua_isnil(L, 1)) {
    try {
      read_table_fields(L, 1, kClientFields, "setting", sharing);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(fmt::format("grpc.client: {}", error.what()));
    }
  }
  if (sharing.connections > 1 && sharing.name.empty()) {
    throw std::runtime_error(
        "grpc.client: several connections are for a client that VUs share: grpc.client{ shared = "
        "\"name\", connections = 4 }");
  }
  if (!instance.host().loading()) {
    throw std::runtime_error(
        "grpc.client: clients are made in the script's main part, outside of functions");
  }
  lua_pushlightuserdata(L, &instance.grpc_of(instance.host().vu()).add(std::move(sharing)));
  return 1;
}

// load(client, import paths, file, ...)
int GrpcInstance::load(lua_State* L) {
  client_at(L, 1).add_schema(self(L).messages_.loader().load(L, 2, "client:load"));
  return 0;
}

// load_protoset(client, path)
int GrpcInstance::load_protoset(lua_State* L) {
  const SchemaLoader& loader = self(L).messages_.loader();
  client_at(L, 1).add_schema(loader.load_protoset(L, 2, "client:load_protoset"));
  return 0;
}

// find_method(client, name) -> the method, its input and output, whether the client streams,
// whether the server does
int GrpcInstance::find_method(lua_State* L) {
  GrpcMethod& method = client_at(L, 1).method(view_at(L, 2));
  lua_pushlightuserdata(L, &method);
  lua_pushlightuserdata(L, const_cast<protobuf::MessageType*>(method.type->output));
  lua_pushboolean(L, method.type->client_streaming ? 1 : 0);
  lua_pushboolean(L, method.type->server_streaming ? 1 : 0);
  return 4;
}

// health_check(client) -> its method
int GrpcInstance::health_check(lua_State* L) {
  lua_pushlightuserdata(L, &client_at(L, 1).health_check());
  return 1;
}

GrpcConnectOperation& GrpcInstance::new_operation(LuaVu& vu, GrpcClient& client) {
  std::erase_if(operations_, [](const auto& operation) { return operation->done(); });
  operations_.push_back(std::make_unique<GrpcConnectOperation>(host(), channels_, vu, client));
  return *operations_.back();
}

// connect(client, address, params) -> nothing, or what has gone wrong
int GrpcInstance::connect(lua_State* L) {
  GrpcInstance& instance = self(L);
  lua_settop(L, 3);
  LuaVu& vu = instance.host().vu_for("client:connect");
  GrpcClient& client = client_at(L, 1);
  GrpcConnectParams params = read_connect_params(L, 2, 3);
  // It is no matter of the connection, which others may share.
  const bool lazy = std::exchange(params.lazy, false);
  if (client.channel() == nullptr || client.params() != params) {
    if (client.sharing().name.empty()) {
      auto channel = instance.channels_.make(params, vu.id());
      instance.channels_.retire(client.disconnect());
      client.connect(std::move(channel), params);
    } else {
      client.connect(instance.channels_.shared(client.sharing(), params), params);
    }
  }
  if (lazy && instance.channels_.provide(client)) return 0;
  // As it is at the beginning of all iterations but the first.
  if (!params.reflect && client.channel()->connected()) return 0;
  return instance.new_operation(vu, client).run(L);
}

int GrpcInstance::close(lua_State* L) {
  self(L).channels_.retire(client_at(L, 1).disconnect());
  return 0;
}

// invoke(client, method, message, params) -> the parts of the end, and the message
int GrpcInstance::invoke(lua_State* L) {
  GrpcInstance& instance = self(L);
  lua_settop(L, 4);
  LuaVu& vu = instance.host().vu_for("client:invoke");
  const GrpcCallParams params = read_grpc_params(L, 4, "client:invoke");
  return instance.calls_.unary(L, vu, client_at(L, 1), method_at(L, 2), 3, params)
      .await(L, instance.now());
}

// invoke_later(client, method, message, params, promise) -> what await needs
int GrpcInstance::invoke_later(lua_State* L) {
  GrpcInstance& instance = self(L);
  lua_settop(L, 5);
  LuaVu& vu = instance.host().vu_for("client:async_invoke");
  const GrpcCallParams params = read_grpc_params(L, 4, "client:async_invoke");
  GrpcUnaryCall& call = instance.calls_.unary(L, vu, client_at(L, 1), method_at(L, 2), 3, params);
  call.start(L, 5, instance.now());
  lua_pushlightuserdata(L, &call);
  return 1;
}

// await(what invoke_later returned), while the promise has no parts
int GrpcInstance::await(lua_State* L) {
  self(L).host().vu_for("promise:await");
  return static_cast<GrpcUnaryCall*>(lua_touserdata(L, 1))->await_promise(L);
}

// decode(bytes, type) -> the message
int GrpcInstance::decode(lua_State* L) {
  const auto& type = *static_cast<const protobuf::MessageType*>(lua_touserdata(L, 2));
  try {
    self(L).messages_.codec().push_decoded(L, view_at(L, 1), type);
  } catch (const DecodeError& error) {
    throw std::runtime_error(
        fmt::format("the server's message is no {}: {}", type.full_name, error.what()));
  }
  return 1;
}

// encode(method, message) -> bytes
int GrpcInstance::encode(lua_State* L) {
  std::string bytes;
  self(L).messages_.codec().encode(L, 2, *method_at(L, 1).type->input, bytes);
  push_view(L, bytes);
  return 1;
}

// encode_json(method, text) -> bytes
int GrpcInstance::encode_json(lua_State* L) {
  const GrpcMethod& method = method_at(L, 1);
  try {
    push_view(L, method.schema->from_json(*method.type->input, view_at(L, 2)));
  } catch (const protobuf::JsonError& error) {
    throw std::runtime_error(fmt::format("client:encode_json: {}", error.what()));
  }
  return 1;
}

// to_json(method, message of a response) -> text
int GrpcInstance::to_json(lua_State* L) {
  const GrpcMethod& method = method_at(L, 1);
  std::string bytes;
  self(L).messages_.codec().encode(L, 2, *method.type->output, bytes);
  push_view(L, method.schema->to_json(*method.type->output, bytes));
  return 1;
}

// open_stream(stream, client, method, params): [1] of the stream becomes its handle
int GrpcInstance::open_stream(lua_State* L) {
  GrpcInstance& instance = self(L);
  lua_settop(L, 4);
  LuaVu& vu = instance.host().vu_for("client:stream");
  const GrpcCallParams params = read_grpc_params(L, 4, "client:stream");
  instance.calls_.stream(L, 1, vu, client_at(L, 2), method_at(L, 3), params);
  return 0;
}

// send(handle, method, message) -> false if the stream has ended, else nothing
int GrpcInstance::send(lua_State* L) {
  GrpcInstance& instance = self(L);
  GrpcStreamCall& stream = stream_at(L, 1);
  const GrpcMethod& method = method_at(L, 2);
  const bool one_message = !method.type->client_streaming;
  if (stream.call().send_closed()) {
    throw std::runtime_error(one_message
                                 ? "stream:send: the method takes one message from its client"
                                 : "stream:send: the stream was closed for sending (close_send)");
  }
  if (stream.over()) {
    lua_pushboolean(L, 0);
    return 1;
  }
  instance.calls_.write(L, 3, method, stream.call());
  // The end goes along with it.
  if (one_message) stream.call().close_send();
  return stream.sent(L, instance.now());
}

// receive(handle, limit) -> see `GrpcStreamCall::receive`
int GrpcInstance::receive(lua_State* L) {
  GrpcInstance& instance = self(L);
  std::optional<Instant> until;
  if (!lua_isnoneornil(L, 2)) until = instance.now() + read_time(L, 2, "the time limit");
  instance.host().vu_for("stream:receive");
  return stream_at(L, 1).receive(L, until);
}

int GrpcInstance::close_send(lua_State* L) {
  grpc::Call& call = stream_at(L, 1).call();
  if (!call.send_closed()) call.close_send();
  return 0;
}

int GrpcInstance::close_stream(lua_State* L) {
  stream_at(L, 1).close();
  return 0;
}

// stream_state(handle) -> header block, and the parts of the end if it has come
int GrpcInstance::stream_state(lua_State* L) {
  const GrpcStreamCall& stream = stream_at(L, 1);
  push_view(L, stream.call().headers());
  if (!stream.over()) return 1;
  push_grpc_end(L, stream.call(), stream.end());
  return 1 + kGrpcEndParts;
}

void GrpcInstance::push(lua_State* L) {
  lua_newtable(L);
  const Function functions[] = {{"new_client", bound<new_client>},
                                {"load", bound<load>},
                                {"load_protoset", bound<load_protoset>},
                                {"find_method", bound<find_method>},
                                {"health_check", bound<health_check>},
                                {"connect", bound<connect>},
                                {"close", bound<close>},
                                {"invoke", bound<invoke>},
                                {"invoke_later", bound<invoke_later>},
                                {"await", bound<await>},
                                {"decode", bound<decode>},
                                {"encode", bound<encode>},
                                {"encode_json", bound<encode_json>},
                                {"to_json", bound<to_json>},
                                {"open_stream", bound<open_stream>},
                                {"send", bound<send>},
                                {"receive", bound<receive>},
                                {"close_send", bound<close_send>},
                                {"close_stream", bound<close_stream>},
                                {"stream_state", bound<stream_state>}};
  set_functions(L, this, functions);
  lua_pushcfunction(L, bound<parse_grpc_metadata>);
  lua_setfield(L, -2, "parse_metadata");
  lua_pushcfunction(L, bound<parse_grpc_details>);
  lua_setfield(L, -2, "parse_details");
  push_call_guard(L);
  run_prelude(L, "grpc", 2);
}

}  // namespace

void GrpcModule::declare(MetricRegistry& registry) {
  ids_ = grpc::GrpcMetricIds::declare(registry);
}

std::unique_ptr<Module::Instance> GrpcModule::open(ScriptHost& host) {
  return std::make_unique<GrpcInstance>(host, ids_, proxies_, *schemas_);
}

}  // namespace perigee
