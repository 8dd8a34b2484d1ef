// What a script gives along with a call of gRPC.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/tags.h"
#include "scripting/lua.h"

namespace perigee {

// Metadata as it goes over the wire.
using GrpcMetadata = std::vector<std::pair<std::string, std::string>>;

struct GrpcCallParams {
  GrpcMetadata metadata{};
  TagSet tags{};
  Duration timeout = std::chrono::minutes(2);
  bool compresses = false;
  bool discards_message = false;
};

// Reads the table at `index`, which may be nil. Throws std::runtime_error; `function` is what the
// script called.
GrpcCallParams read_grpc_params(lua_State* L, int index, const char* function);

// Reads a table of metadata: names to a string or a list of strings. `what` is how messages call
// it.
GrpcMetadata read_grpc_metadata(lua_State* L, int index, const char* what);

}  // namespace perigee
