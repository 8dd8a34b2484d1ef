#include "scripting/bindings/grpc/connect_params.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "engine/grpc/limits.h"
#include "scripting/bindings/grpc/table_fields.h"
#include "scripting/bindings/websocket_params.h"
#include "scripting/json_codec.h"

namespace perigee {
namespace {

bool boolean_at(lua_State* L, int index, const char* key) {
  if (!lua_isboolean(L, index)) {
    throw std::runtime_error(fmt::format("{} must be true or false", key));
  }
  return lua_toboolean(L, index) != 0;
}

size_t size_at(lua_State* L, int index, const char* key) {
  const double size = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : 0;
  if (!(size >= 1 && size <= limits::kGrpcSentMessage) || size != std::floor(size)) {
    throw std::runtime_error(fmt::format("{} must be a whole number of bytes from 1 to {}", key,
                                         limits::kGrpcSentMessage));
  }
  return static_cast<size_t>(size);
}

Duration positive_time_at(lua_State* L, int index, const char* key) {
  const Duration time = read_time(L, index, key);
  if (time == Duration::zero()) throw std::runtime_error(fmt::format("{} must be above 0", key));
  return time;
}

constexpr TableField<GrpcConnectParams> kKeepalive[] = {
    {"time",
     [](lua_State* L, int index, GrpcConnectParams& params) {
       params.keepalive_time = positive_time_at(L, index, "keepalive: time");
     }},
    {"timeout",
     [](lua_State* L, int index, GrpcConnectParams& params) {
       params.keepalive_timeout = positive_time_at(L, index, "keepalive: timeout");
     }},
    {"permitWithoutStream",
     [](lua_State* L, int index, GrpcConnectParams& params) {
       params.keepalive_without_calls = boolean_at(L, index, "keepalive: permitWithoutStream");
     }},
};

void read_keepalive(lua_State* L, int index, GrpcConnectParams& params) {
  if (!lua_istable(L, index)) {
    throw std::runtime_error("keepalive must be a table like { time = \"30s\", timeout = \"5s\" }");
  }
  read_table_fields(L, index, kKeepalive, "setting of keepalive", params);
}

void read_tls(lua_State* L, int index, GrpcConnectParams& params) {
  if (!lua_istable(L, index)) {
    throw std::runtime_error(
        "tls must be a table like { cacerts = { open(\"ca.pem\") } } or { insecureSkipTLSVerify = "
        "true }");
  }
  encode_json(L, index, params.tls);
}

void read_authority(lua_State* L, int index, GrpcConnectParams& params) {
  if (lua_type(L, index) != LUA_TSTRING) throw std::runtime_error("authority must be a string");
  params.authority = view_at(L, index);
  const bool visible =
      std::ranges::all_of(params.authority, [](char c) { return c > ' ' && c < 127; });
  if (!visible || params.authority.find('/') != std::string::npos) {
    throw std::runtime_error(
        fmt::format("authority is \"{}\": write a name or an address as in \"example.com:443\"",
                    params.authority));
  }
}

constexpr TableField<GrpcConnectParams> kFields[] = {
    {"plaintext",
     [](lua_State* L, int index, GrpcConnectParams& params) {
       params.plaintext = boolean_at(L, index, "plaintext");
     }},
    {"reflect",
     [](lua_State* L, int index, GrpcConnectParams& params) {
       params.reflect = boolean_at(L, index, "reflect");
     }},
    {"lazy", [](lua_State* L, int index,
                GrpcConnectParams& params) { params.lazy = boolean_at(L, index, "lazy"); }},
    {"reflectMetadata",
     [](lua_State* L, int index, GrpcConnectParams& params) {
       params.reflect_metadata = read_grpc_metadata(L, index, "reflectMetadata");
     }},
    {"timeout",
     [](lua_State* L, int index, GrpcConnectParams& params) {
       params.timeout = positive_time_at(L, index, "timeout");
     }},
    {"maxReceiveSize",
     [](lua_State* L, int index, GrpcConnectParams& params) {
       params.max_receive = size_at(L, index, "maxReceiveSize");
     }},
    {"maxSendSize",
     [](lua_State* L, int index, GrpcConnectParams& params) {
       params.max_send = size_at(L, index, "maxSendSize");
     }},
    {"tls", read_tls},
    {"authority", read_authority},
    {"keepalive", read_keepalive},
};

// As grpc-go's resolvers of names are called in an address.
std::string_view without_resolver(std::string_view address) {
  for (const std::string_view prefix : {"dns:///", "passthrough:///", "dns:"}) {
    if (address.starts_with(prefix)) return address.substr(prefix.size());
  }
  return address;
}

void refuse_scheme(std::string_view address) {
  const size_t scheme = address.find("://");
  if (scheme == std::string_view::npos) return;
  throw std::runtime_error(fmt::format(
      "the address is \"host:port\", without \"{}\": write \"{}\"{}", address.substr(0, scheme + 3),
      address.substr(scheme + 3), address.starts_with("http:") ? " and { plaintext = true }" : ""));
}

}  // namespace

GrpcConnectParams read_connect_params(lua_State* L, int address, int params) {
  GrpcConnectParams result;
  result.address = view_at(L, address);
  if (lua_isnoneornil(L, params)) return result;
  try {
    read_table_fields(L, params, kFields, "parameter of connect", result);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("client:connect: {}", error.what()));
  }
  return result;
}

std::shared_ptr<const http::Url> grpc_server(std::string_view written, bool plaintext) {
  const std::string_view address = without_resolver(written);
  refuse_scheme(address);
  std::string error;
  auto url = http::parse_url(fmt::format("{}://{}/", plaintext ? "http" : "https", address), error);
  if (url && url->target == "/") return std::make_shared<const http::Url>(std::move(*url));
  throw std::runtime_error(fmt::format("\"{}\" is no address of a server: write \"host:port\"{}{}",
                                       written, error.empty() ? "" : ": ", error));
}

}  // namespace perigee
