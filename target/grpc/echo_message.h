// The messages of Echo and Chat, and the metadata that every method for tests sends back.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "engine/grpc/server/server_call.h"

namespace perigee {

struct EchoMessage {
  std::string_view text;
  std::string_view payload;
  std::chrono::milliseconds delay{};
  bool with_metadata = false;
};

// Views into the message. Throws MalformedMessage.
EchoMessage read_echo(std::string_view message);
// Appends the EchoResponse.
void write_echo(std::string& response, const EchoMessage& echo, const http::ServerRequest& request);

// As the interoperability tests of gRPC have it: x-grpc-test-echo-initial comes back in the head,
// x-grpc-test-echo-trailing-bin in the trailers.
void echo_metadata(grpc::ServerCall& call);

}  // namespace perigee
