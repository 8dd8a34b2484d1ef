#include "scripting/bindings/grpc/calls.h"

#include <algorithm>
#include <stdexcept>

#include "scripting/lua_state.h"

namespace perigee {
namespace {

template <typename Call, typename Owner>
Call& take(std::deque<Call>& calls, std::vector<Call*>& free, Owner& owner) {
  if (free.empty()) return calls.emplace_back(owner);
  Call& call = *free.back();
  free.pop_back();
  return call;
}

grpc::Channel& channel_of(const GrpcClient& client) {
  if (client.channel() == nullptr) {
    throw std::runtime_error(
        "the client is not connected: call client:connect(\"host:port\", { plaintext = true }) "
        "first, in the function that runs");
  }
  return *client.channel();
}

bool has_trace_parent(const GrpcMetadata& metadata) {
  return std::any_of(metadata.begin(), metadata.end(),
                     [](const auto& entry) { return entry.first == http::kTraceParent; });
}

}  // namespace

grpc::CallRequest GrpcCalls::request_of(const GrpcMethod& method, const GrpcCallParams& params) {
  const bool one_sent = method.type == nullptr || !method.type->client_streaming;
  const bool one_received = method.type == nullptr || !method.type->server_streaming;
  grpc::CallRequest request{.path = method.path,
                            .metadata = params.metadata,
                            .timeout = params.timeout,
                            .compresses = params.compresses,
                            .one_message_each = one_sent && one_received,
                            .one_message_sent = one_sent};
  if (host_.worker().options.http.traceparent && !has_trace_parent(request.metadata)) {
    request.metadata.emplace_back(http::kTraceParent, traces_.next());
  }
  return request;
}

void GrpcCalls::write(lua_State* L, int index, const GrpcMethod& method, grpc::Call& call) {
  std::string& out = call.begin_message();
  if (lua_type(L, index) == LUA_TSTRING) {
    out += view_at(L, index);
    return call.end_message();
  }
  try {
    messages_.codec().encode(L, index, *method.type->input, out);
  } catch (...) {
    call.drop_message();
    throw;
  }
  call.end_message();
}

grpc::CallTagsId GrpcCalls::tags_of(const GrpcClient& client, GrpcMethod& method,
                                    const TagSet& own) {
  if (!own.empty()) return metrics_.call_tags(client.server(), method.path, own);
  if (!method.has_tags) {
    method.tags = metrics_.call_tags(client.server(), method.path, own);
    method.has_tags = true;
  }
  return method.tags;
}

GrpcUnaryCall& GrpcCalls::unary(lua_State* L, LuaVu& vu, GrpcClient& client, GrpcMethod& method,
                                int message, const GrpcCallParams& params) {
  grpc::Channel& channel = channel_of(client);
  GrpcUnaryOwner& owner = *this;
  GrpcUnaryCall& unary = take(unaries_, free_unaries_, owner);
  unary.call().begin(channel, request_of(method, params));
  try {
    write(L, message, method, unary.call());
  } catch (...) {
    unary.call().cancel();
    free_unaries_.push_back(&unary);
    throw;
  }
  unary.call().close_send();
  unary.begin(vu, tags_of(client, method, params.tags), !params.discards_message);
  return unary;
}

void GrpcCalls::stream(lua_State* L, int table, LuaVu& vu, GrpcClient& client, GrpcMethod& method,
                       const GrpcCallParams& params) {
  grpc::Channel& channel = channel_of(client);
  GrpcStreamOwner& owner = *this;
  GrpcStreamCall& stream = take(streams_, free_streams_, owner);
  stream.call().begin(channel, request_of(method, params));
  stream.start(L, table, vu, tags_of(client, method, params.tags), !params.discards_message,
               host_.worker().loop.now());
}

}  // namespace perigee
