// perigee.test.Test: calls of every kind, that wait, fail and break off as their requests say.
#pragma once

#include <string>
#include <string_view>

#include "engine/grpc/server/services.h"
#include "target/grpc/call_pace.h"

namespace perigee {

// One per worker, on its thread. Outlives the calls.
class TestService {
 public:
  explicit TestService(CallPace& pace) : pace_(pace) {}

  void add_to(grpc::Services& services);

 private:
  void echo(grpc::ServerCall& call, std::string_view message);
  void fail(grpc::ServerCall& call, std::string_view message);

  CallPace& pace_;
};

}  // namespace perigee
