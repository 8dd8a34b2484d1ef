// A call of `perigee grpc` as it goes over the wire, and one whose response is printed.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/grpc/grpc_load.h"
#include "cli/grpc/grpc_services.h"
#include "cli/grpc/grpc_session.h"
#include "engine/base/log.h"

namespace perigee {

struct GrpcCall {
  const protobuf::MethodType& method;  // of the schema
  std::vector<std::string> messages;   // encoded
};

// Finds the load's method and encodes its messages. Throws GrpcFailure that says what is wrong with
// them.
GrpcCall encode_call(const GrpcLoad& load, const protobuf::Schema& schema);

// Makes the call and prints each message of its response as JSON, when it comes. A call that fails
// is logged.
ExitCode print_call(const GrpcLoad& load, const protobuf::Schema& schema, GrpcSession& session,
                    Log& log);

}  // namespace perigee
