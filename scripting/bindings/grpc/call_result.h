// The parts of a call's end as scripts get them; prelude/grpc.lua makes a response of them.
#pragma once

#include <string_view>

#include "engine/grpc/call.h"
#include "scripting/lua.h"

namespace perigee {

// Pushes code, header block, trailer block, message and details of the error: five values.
inline constexpr int kGrpcEndParts = 5;
void push_grpc_end(lua_State* L, const grpc::Call& call, const grpc::CallEnd& end);

// parse_metadata(block) -> a table of names and lists of values; those of bytes are decoded
int parse_grpc_metadata(lua_State* L);
// parse_details(bytes) -> a list of { ["@type"] = "...", value = "bytes" } of a google.rpc.Status
int parse_grpc_details(lua_State* L);

}  // namespace perigee
