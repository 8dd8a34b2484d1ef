// The streams of perigee.test.Test: one that counts, one that sums, one that answers each message.
#pragma once

#include <memory>
#include <string_view>

#include "engine/grpc/server/server_call.h"
#include "target/grpc/call_pace.h"

namespace perigee {

// Begins the responses to a CountRequest. Throws MalformedMessage.
void begin_count(grpc::ServerCall& call, std::string_view message);
// Appends a CountResponse.
void write_count(std::string& response, uint64_t index, Instant now, size_t payload);

std::unique_ptr<grpc::CallHandler> make_sum(grpc::ServerCall& call, CallPace& pace);
std::unique_ptr<grpc::CallHandler> make_chat(grpc::ServerCall& call, CallPace& pace);

}  // namespace perigee
