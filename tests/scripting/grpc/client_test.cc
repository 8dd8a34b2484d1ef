// Clients of gRPC: what they load, where they connect to, what scripts get wrong.
#include <string>

#include <doctest/doctest.h>

#include "tests/scripting/grpc/grpc_fixture.h"

namespace perigee {
namespace {

// What an iteration of this raises; nobody is connected to.
std::string error_of(std::string_view body) {
  ScriptFixture script(grpc_script("127.0.0.1:1", body));
  CHECK(script.iterate() == IterationResult::kFailed);
  const std::string error = script.vu().error();
  return error.substr(0, error.find('\n'));
}

// ... and what its main part does.
std::string init_error_of(std::string_view top) {
  try {
    ScriptFixture script(grpc_script("127.0.0.1:1", "", top));
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("services come by reflection, too") {
  TargetProcess target;
  ScriptFixture script(fmt::format(R"lua(
    local grpc = require "perigee.grpc"
    local client = grpc.client()
    return {{ default = function()
      client:connect("{}", {{ plaintext = true, reflect = true }})
      assert(client:invoke("perigee.test.Test/Echo", {{ text = "x" }}).message.text == "x")
    end }}
  )lua",
                                   target.url().substr(7)));
  for (uint64_t vu = 1; vu <= 3; ++vu) {
    const IterationResult result = script.iterate(vu);
    INFO(script.vu(vu).error());
    CHECK(result == IterationResult::kCompleted);
  }
  CHECK(script.sum("grpc_reqs") == 3);
}

TEST_CASE("a lazy client leaves the connection to its first call, which fails without a server") {
  TargetProcess target;
  ScriptFixture script(fmt::format(R"lua(
    local grpc = require "perigee.grpc"
    local client = grpc.client()
    return {{ default = function(data)
      client:connect("{}", {{ plaintext = true, reflect = true, lazy = true }})
      local text = client:encode_json("perigee.test.Test/Echo", [[{{"payload": "AP8="}}]])
      local res = client:invoke("perigee.test.Test/Echo", text)
      assert(res.message.payload == "\0\255")
      local shown = client:to_json("perigee.test.Test/Echo", res.message)
      assert(shown == '{{"payload":"AP8="}}', shown)
    end }}
  )lua",
                                   target.url().substr(7)));
  for (int i = 0; i < 2; ++i) {
    const IterationResult result = script.iterate();
    INFO(script.vu().error());
    CHECK(result == IterationResult::kCompleted);
  }
  ScriptFixture gone(grpc_script("127.0.0.1:1", R"lua(
    client:connect("127.0.0.1:1", { plaintext = true, lazy = true })
    assert(client:invoke("perigee.test.Test/Echo").status == grpc.StatusUnavailable)
  )lua"));
  const IterationResult result = gone.iterate();
  INFO(gone.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(gone.sum("grpc_reqs") == 1);
}

TEST_CASE("JSON that is no message of the method is an error that names its place") {
  CHECK(has(error_of(R"lua(client:encode_json("perigee.test.Test/Echo", '{"txt": 1}'))lua"),
            "client:encode_json: there is no field \"txt\" in perigee.test.EchoRequest"));
}

TEST_CASE("connecting again to the same does nothing, and to another address changes over") {
  TargetProcess other;
  GrpcScript test(fmt::format(R"lua(
    connect()
    client:invoke("perigee.test.Test/Echo")
    client:connect("{}", {{ plaintext = true }})
    client:invoke("perigee.test.Test/Echo")
  )lua",
                              other.url().substr(7)));
  test.run();
  CHECK(test.target.stats()["grpc"]["calls"] == 1);
  CHECK(other.stats()["grpc"]["calls"] == 1);
}

TEST_CASE("a client that was closed can connect again") {
  GrpcScript test(R"lua(
    client:invoke("perigee.test.Test/Echo")
    client:close()
    local ok, message = pcall(function() client:invoke("perigee.test.Test/Echo") end)
    assert(not ok and message:find("not connected", 1, true), message)
    connect()
    assert(client:invoke("perigee.test.Test/Echo").status == 0)
  )lua");
  test.run();
  test.run();
}

TEST_CASE("closing ends what is on its way as cancelled") {
  GrpcScript test(R"lua(
    local promise = client:async_invoke("perigee.test.Test/Hang")
    local stream = client:stream("perigee.test.Test/Chat")
    client:close()
    assert(promise:await().status == grpc.StatusCanceled)
    assert(stream:receive() == nil and stream.status == grpc.StatusCanceled)
  )lua");
  test.run();
}

TEST_CASE("many users share the connections of one name") {
  TargetProcess target;
  ScriptFixture script(fmt::format(R"lua(
    local grpc = require "perigee.grpc"
    local client = grpc.client{{ shared = "models", connections = 2 }}
    client:load({{ "scenarios/protos" }}, "perigee/test.proto")
    return {{ default = function()
      client:connect("{}", {{ plaintext = true }})
      assert(client:invoke("perigee.test.Test/Echo", {{ text = "x" }}).message.text == "x")
      client:close()
    end }}
  )lua",
                                   target.url().substr(7)));
  for (uint64_t vu = 1; vu <= 10; ++vu)
    CHECK(script.iterate(vu) == IterationResult::kCompleted);
  CHECK(target.stats()["connections"] == 2);
}

TEST_CASE("health needs no services to be known") {
  TargetProcess target;
  ScriptFixture script(fmt::format(R"lua(
    local grpc = require "perigee.grpc"
    local client = grpc.client()
    return {{ default = function()
      client:connect("{}", {{ plaintext = true }})
      assert(client:health_check().status == grpc.HealthCheckServing)
      assert(client:health_check("inference.GRPCInferenceService").status == grpc.HealthCheckServing)
      local unknown = client:health_check("no.Such")
      assert(unknown.error.code == grpc.StatusNotFound and unknown.status == grpc.HealthCheckUnknown)
    end }}
  )lua",
                                   target.url().substr(7)));
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

TEST_CASE("bytes of both directions are told") {
  GrpcScript test(
      R"lua(client:invoke("perigee.test.Test/Echo", { payload = ("x"):rep(5000) }))lua");
  test.run();
  CHECK(test.script.sum("data_sent") > 5000);
  CHECK(test.script.sum("data_received") > 5000);
}

TEST_CASE("what is not there says so at the script's line") {
  CHECK(has(error_of("connect()"),
            "script.lua:7: client:connect: connection to 127.0.0.1:1: dial: "
            "connection refused"));
  CHECK(has(error_of(R"(client:invoke("perigee.test.Test/Echo"))"), "the client is not connected"));
  CHECK(has(error_of(R"(client:invoke("perigee.test.Test/Ech"))"), R"(did you mean "Echo"?)"));
  CHECK(has(error_of(R"(client:invoke("perigee.test.Tst/Echo"))"), "perigee.test.Test"));
  CHECK(has(error_of(R"(client:invoke("perigee.test.Test/Chat"))"),
            "perigee.test.Test/Chat is a bidirectional stream: use client:stream"));
  CHECK(has(error_of(R"(client:invoke("perigee.test.Test/Count"))"), "is a server stream"));
  CHECK(has(error_of(R"(client:stream("perigee.test.Test/Echo"))"), "is unary: use client:invoke"));
}

TEST_CASE("addresses and parameters of the wrong form are refused") {
  CHECK(has(error_of(R"(client:connect("http://a:1"))"),
            R"(without "http://": write "a:1" and { plaintext = true })"));
  CHECK(has(error_of(R"(client:connect("a b"))"), "is no address of a server"));
  CHECK(has(error_of(R"(client:connect("a:1", { plaintxt = true }))"),
            R"(there is no parameter of connect "plaintxt" (did you mean "plaintext"?))"));
  CHECK(has(error_of(R"(client:connect("a:1", { timeout = 0 }))"), "timeout must be above 0"));
  CHECK(has(error_of(R"(client:connect("a:1", { keepalive = { tme = 1 } }))"), R"("time")"));
  CHECK(has(error_of(R"(client:connect("a:1", { tls = { cacerts = "nonsense" } }))"), "tls"));
  CHECK(has(error_of(R"(client:connect("a:1", { maxReceiveSize = 0.5 }))"), "maxReceiveSize"));
  CHECK(has(error_of(R"(client:connect("a:1", { authority = "b c" }))"), R"(authority is "b c")"));
}

TEST_CASE("metadata and parameters of calls of the wrong form are refused") {
  const auto invoke = [](const std::string& params) {
    TargetProcess target;
    ScriptFixture script(
        grpc_script(target.url().substr(7),
                    "connect() client:invoke('perigee.test.Test/Echo', {}, " + params + ")"));
    CHECK(script.iterate() == IterationResult::kFailed);
    return script.vu().error();
  };
  CHECK(has(invoke("{ metadata = { ['x y'] = 'a' } }"), "no name of metadata"));
  CHECK(has(invoke("{ metadata = { x = 'caf\\195\\169' } }"), "x-bin"));
  CHECK(has(invoke("{ metadata = { ['grpc-timeout'] = '1S' } }"), "belongs to gRPC itself"));
  CHECK(has(invoke("{ metadata = { x = {} , y = true } }"), "must be a string or a list"));
  CHECK(has(invoke("{ metadat = {} }"), R"(did you mean "metadata"?)"));
  CHECK(has(invoke("{ compression = 'br' }"), "compression must be"));
  CHECK(has(invoke("{ timeout = -1 }"), "timeout must be"));
}

TEST_CASE("what can't be loaded is told where it is loaded") {
  CHECK(has(init_error_of(R"(client:load({ "scenarios/protos" }, "nothing.proto"))"),
            "nothing.proto"));
  CHECK(has(init_error_of(R"(client:load({ "scenarios/protos" }))"), "name a file"));
  CHECK(has(init_error_of(R"(client:load_protoset("nothing.protoset"))"), "nothing.protoset"));
  CHECK(has(init_error_of(R"(grpc.client{ connections = 2 })"), "shared"));
  CHECK(has(init_error_of(R"(grpc.client{ share = "x" })"), R"(did you mean "shared"?)"));
  CHECK(has(error_of("grpc.client()"), "main part"));
  CHECK(has(error_of(R"(client:load({ "x" }, "y"))"), "main part"));
}

}  // namespace perigee
