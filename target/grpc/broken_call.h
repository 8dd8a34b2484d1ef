// Calls that go wrong on purpose, below gRPC.
#pragma once

#include <string_view>

#include "engine/grpc/server/server_call.h"

namespace perigee {

// Sends the messages that a BreakRequest asks for, then breaks the call in the way it says. Throws
// MalformedMessage, and BadRequest for a way that there is not.
void break_call(grpc::ServerCall& call, std::string_view message);

}  // namespace perigee
