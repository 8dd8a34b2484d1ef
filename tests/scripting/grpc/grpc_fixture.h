// A script that calls the built-in target by gRPC.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "tests/support/script_fixture.h"
#include "tests/support/target_process.h"

namespace perigee {

// What scripts of these tests begin with: `grpc`, `json`, `client`, `address`, `connect()`.
inline std::string grpc_script(const std::string& address, std::string_view body,
                               std::string_view top = "") {
  return fmt::format(R"lua(
    local grpc = require "perigee.grpc"
    local json = require "perigee.json"
    local address = "{}"
    local client = grpc.client()
    client:load({{ "scenarios/protos" }}, "inference/inference.proto", "perigee/test.proto")
    local function connect() client:connect(address, {{ plaintext = true }}) end
    {}
    return {{ default = function() {} end }}
  )lua",
                     address, top, body);
}

// The target, and a script whose function is connected to it.
struct GrpcScript {
  explicit GrpcScript(std::string_view body, std::string_view top = "")
      : script(grpc_script(target.url().substr(7), "connect()\n" + std::string(body), top)) {}

  // One iteration that must end well.
  void run() {
    const IterationResult result = script.iterate();
    INFO(script.vu().error());
    CHECK(result == IterationResult::kCompleted);
  }

  TargetProcess target;
  ScriptFixture script;
};

}  // namespace perigee
