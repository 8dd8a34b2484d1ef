// The gRPC client against grpc-go's interoperability tests, which the environment names; see
// tests/peers/with_grpc_go. Cases that have the names of those tests in capitals check what they
// ask for.
#include <string>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// The server in `address`, its methods by `method(name)`; `connect()` without TLS.
std::string script_of(const std::string& body) {
  return R"lua(
local grpc = require "perigee.grpc"
local address = __ENV.GRPC_GO
local certificate = open(__ENV.GRPC_GO_CA)
local client, reflected = grpc.client(), grpc.client()
client:load({ __ENV.GRPC_PROTOS }, "grpc/testing/test.proto")

local function method(name) return "grpc.testing.TestService/" .. name end
local function connect(params)
  params = params or {}
  params.plaintext = true
  client:connect(address, params)
end
local function expect(value, wanted)
  if value ~= wanted then
    error(("%s instead of %s"):format(tostring(value), tostring(wanted)), 2)
  end
end
local function zeros(count) return { body = ("\0"):rep(count) } end
local function asks_for(...)
  local parameters = {}
  for i, size in ipairs({ ... }) do parameters[i] = { size = size } end
  return parameters
end

return { default = function()
)lua" + body +
         "\nend }";
}

// One iteration of this body, which must end without an error.
struct Iteration : ScriptRun {
  explicit Iteration(const std::string& body) : ScriptRun(script_of(body)) {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
  }
};

}  // namespace

TEST_CASE("grpc-go answers EMPTY_UNARY and LARGE_UNARY") {
  Iteration run(R"lua(
    connect()
    local res = client:invoke(method("EmptyCall"), {})
    expect(res.status, grpc.StatusOK)
    expect(next(res.message), nil)
    res = client:invoke(method("UnaryCall"), { response_size = 314159, payload = zeros(271828) })
    expect(res.status, grpc.StatusOK)
    expect(res.message.payload.type, "COMPRESSABLE")
    expect(res.message.payload.body, ("\0"):rep(314159))
  )lua");
  CHECK(run.count("grpc_reqs") == 2);
  CHECK(run.passes("grpc_req_failed") == 0);
}

TEST_CASE("messages go to grpc-go and come back packed with gzip") {
  Iteration run(R"lua(
    connect()
    for _ = 1, 2 do
      local res = client:invoke(method("UnaryCall"), { response_size = 314159, payload = zeros(271828) },
        { compression = "gzip" })
      expect(res.status, grpc.StatusOK)
      expect(res.headers["grpc-encoding"][1], "gzip")
      expect(#res.message.payload.body, 314159)
    end
    local stream = client:stream(method("FullDuplexCall"), { compression = "gzip" })
    for _, size in ipairs({ 31415, 58979 }) do
      stream:send({ response_parameters = asks_for(size), payload = zeros(27182) })
      expect(#stream:receive().payload.body, size)
    end
    stream:close_send()
    expect(stream:receive(), nil)
    expect(stream.status, grpc.StatusOK)
  )lua");
  // All those zeros make a few hundred bytes.
  CHECK(run.count("data_sent") < 10000);
  CHECK(run.count("data_received") < 10000);
}

TEST_CASE("grpc-go answers CLIENT_STREAMING and SERVER_STREAMING") {
  Iteration run(R"lua(
    connect()
    local stream = client:stream(method("StreamingInputCall"))
    for _, size in ipairs({ 27182, 8, 1828, 45904 }) do
      expect(stream:send({ payload = zeros(size) }), true)
    end
    stream:close_send()
    expect(stream:receive().aggregated_payload_size, 74922)
    expect(stream:receive(), nil)
    expect(stream.status, grpc.StatusOK)

    local sizes = { 31415, 9, 2653, 58979 }
    stream = client:stream(method("StreamingOutputCall"))
    stream:send({ response_parameters = asks_for(unpack(sizes)) })
    local count, last = 0, 0
    for message, time in stream:messages() do
      count = count + 1
      expect(#message.payload.body, sizes[count])
      expect(time >= last, true)
      last = time
    end
    expect(count, 4)
    expect(stream.status, grpc.StatusOK)
    expect(stream.error, nil)
  )lua");
  CHECK(run.count("grpc_streams") == 2);
  CHECK(run.count("grpc_streams_msgs_sent") == 5);
  CHECK(run.count("grpc_streams_msgs_received") == 5);
}

TEST_CASE("grpc-go answers PING_PONG, EMPTY_STREAM and a call that is half duplex") {
  const Iteration run(R"lua(
    connect()
    local sent, wanted = { 27182, 8, 1828, 45904 }, { 31415, 9, 2653, 58979 }
    local stream = client:stream(method("FullDuplexCall"))
    for i = 1, 4 do
      stream:send({ response_parameters = asks_for(wanted[i]), payload = zeros(sent[i]) })
      expect(#stream:receive().payload.body, wanted[i])
    end
    stream:close_send()
    local message, reason = stream:receive()
    expect(message, nil)
    expect(reason, "end")
    expect(stream.status, grpc.StatusOK)

    stream = client:stream(method("FullDuplexCall"))
    stream:close_send()
    expect(select(2, stream:receive()), "end")
    expect(stream.status, grpc.StatusOK)

    stream = client:stream(method("HalfDuplexCall"))
    for i = 1, 4 do stream:send({ response_parameters = asks_for(wanted[i]) }) end
    expect(select(2, stream:receive("50ms")), "timeout")
    stream:close_send()
    for i = 1, 4 do expect(#stream:receive().payload.body, wanted[i]) end
    expect(stream:receive(), nil)
    expect(stream.status, grpc.StatusOK)
  )lua");
}

TEST_CASE("grpc-go sends CUSTOM_METADATA back, in the head and in the trailers") {
  const Iteration run(R"lua(
    connect()
    local binary = "\171\171\171\0\255"
    local params = { metadata = { ["x-grpc-test-echo-initial"] = "test_initial_metadata_value",
      ["x-grpc-test-echo-trailing-bin"] = binary } }
    local res = client:invoke(method("UnaryCall"), { response_size = 1, payload = zeros(1) }, params)
    expect(res.status, grpc.StatusOK)
    expect(res.headers["x-grpc-test-echo-initial"][1], "test_initial_metadata_value")
    expect(res.trailers["x-grpc-test-echo-trailing-bin"][1], binary)

    local stream = client:stream(method("FullDuplexCall"), params)
    stream:send({ response_parameters = asks_for(314159), payload = zeros(271828) })
    expect(#stream:receive().payload.body, 314159)
    expect(stream.headers["x-grpc-test-echo-initial"][1], "test_initial_metadata_value")
    expect(stream.trailers, nil)
    stream:close_send()
    expect(stream:receive(), nil)
    expect(stream.status, grpc.StatusOK)
    expect(stream.trailers["x-grpc-test-echo-trailing-bin"][1], binary)
  )lua");
}

TEST_CASE("grpc-go ends calls with STATUS_CODE_AND_MESSAGE and SPECIAL_STATUS_MESSAGE") {
  Iteration run(R"lua(
    connect()
    for _, text in ipairs({ "test status message",
        "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n", "100 % of it", "" }) do
      local wanted = { code = grpc.StatusUnknown, message = text }
      local res = client:invoke(method("UnaryCall"), { response_status = wanted })
      expect(res.status, grpc.StatusUnknown)
      expect(res.error.code, grpc.StatusUnknown)
      expect(res.error.message, text)
      expect(res.message, nil)
      local stream = client:stream(method("FullDuplexCall"))
      stream:send({ response_status = wanted })
      expect(stream:receive(), nil)
      expect(stream.status, grpc.StatusUnknown)
      expect(stream.error.message, text)
      expect(stream:send({}), false)
    end
    for code = 1, 16 do
      local res = client:invoke(method("UnaryCall"), { response_status = { code = code, message = "x" } })
      expect(res.status, code)
    end
  )lua");
  CHECK(run.passes("grpc_req_failed") == 8 + 16);
}

TEST_CASE("grpc-go knows UNIMPLEMENTED_METHOD and UNIMPLEMENTED_SERVICE by status 12") {
  const Iteration run(R"lua(
    connect()
    local res = client:invoke(method("UnimplementedCall"), {})
    expect(res.status, grpc.StatusUnimplemented)
    res = client:invoke("grpc.testing.UnimplementedService/UnimplementedCall", {})
    expect(res.status, grpc.StatusUnimplemented)
    expect(res.error.message, "unknown service grpc.testing.UnimplementedService")
  )lua");
}

TEST_CASE("calls to grpc-go are cut off: CANCEL_AFTER_BEGIN and CANCEL_AFTER_FIRST_RESPONSE") {
  Iteration run(R"lua(
    connect()
    local stream = client:stream(method("StreamingInputCall"))
    -- A whole call behind the stream's head: what is cut off below has begun at the server.
    expect(client:invoke(method("EmptyCall"), {}).status, grpc.StatusOK)
    stream:close()
    expect(stream.status, grpc.StatusCanceled)

    stream = client:stream(method("FullDuplexCall"))
    stream:send({ response_parameters = asks_for(31415), payload = zeros(27182) })
    expect(#stream:receive().payload.body, 31415)
    stream:close()
    expect(stream.status, grpc.StatusCanceled)
    expect(stream:receive(), nil)
    expect(client:invoke(method("EmptyCall"), {}).status, grpc.StatusOK)
  )lua");
  CHECK(run.count("grpc_reqs") == 4);
  CHECK(run.passes("grpc_req_failed") == 0);
}

TEST_CASE("a call to grpc-go ends at its deadline: TIMEOUT_ON_SLEEPING_SERVER") {
  Iteration run(R"lua(
    connect()
    local stream = client:stream(method("FullDuplexCall"), { timeout = "1ms" })
    stream:send({ payload = zeros(27182), response_parameters = { { size = 1, interval_us = 60000000 } } })
    expect(stream:receive(), nil)
    expect(stream.status, grpc.StatusDeadlineExceeded)
    stream = client:stream(method("StreamingOutputCall"), { timeout = "100ms" })
    stream:send({ response_parameters = { { size = 5 }, { size = 6, interval_us = 60000000 } } })
    expect(#stream:receive().payload.body, 5)
    expect(stream:receive(), nil)
    expect(stream.status, grpc.StatusDeadlineExceeded)
    expect(client:invoke(method("EmptyCall"), {}).status, grpc.StatusOK)
  )lua");
  CHECK(run.passes("grpc_req_failed") == 2);
}

TEST_CASE("large messages reach grpc-go up to its limit and come up to the client's") {
  const Iteration run(R"lua(
    connect({ maxReceiveSize = 20000000 })
    local res = client:invoke(method("UnaryCall"), { response_size = 16000000, payload = zeros(4000000) })
    expect(res.status, grpc.StatusOK)
    expect(#res.message.payload.body, 16000000)
    res = client:invoke(method("UnaryCall"), { payload = zeros(8000000) })
    expect(res.status, grpc.StatusResourceExhausted)
    connect()
    res = client:invoke(method("UnaryCall"), { response_size = 4194304 })
    expect(res.status, grpc.StatusResourceExhausted)
    expect(client:invoke(method("EmptyCall"), {}).status, grpc.StatusOK)
  )lua");
}

TEST_CASE("calls to grpc-go run side by side over one connection") {
  Iteration run(R"lua(
    connect()
    local promises = {}
    for i = 1, 300 do
      promises[i] = client:async_invoke(method("UnaryCall"), { response_size = i, payload = zeros(i) })
    end
    for i = 1, 300 do
      local res = promises[i]:await()
      expect(res.status, grpc.StatusOK)
      expect(#res.message.payload.body, i)
    end
  )lua");
  CHECK(run.count("grpc_reqs") == 300);
}

TEST_CASE("grpc-go speaks over TLS to who trusts its certificate by its name") {
  const Iteration run(R"lua(
    local trusted = { cacerts = { certificate } }
    for _, params in ipairs({
      { tls = { cacerts = trusted.cacerts, serverName = "foo.test.google.fr" } },
      { tls = trusted, authority = "foo.test.google.fr" },
      { tls = { insecureSkipTLSVerify = true } },
    }) do
      client:connect(__ENV.GRPC_GO_TLS, params)
      local res = client:invoke(method("UnaryCall"), { response_size = 100000, payload = zeros(100000) })
      expect(res.status, grpc.StatusOK)
      expect(#res.message.payload.body, 100000)
    end
    local ok, why = pcall(client.connect, client, __ENV.GRPC_GO_TLS, { tls = trusted })
    expect(ok, false)
    expect(why:find("certificate", 1, true) ~= nil, true)
    ok, why = pcall(client.connect, client, __ENV.GRPC_GO_TLS, { plaintext = true })
    expect(ok, false)
    expect(why:find("leave out plaintext", 1, true) ~= nil, true)
  )lua");
}

TEST_CASE("grpc-go says by reflection what it serves") {
  const Iteration run(R"lua(
    reflected:connect(address, { plaintext = true, reflect = true })
    local res = reflected:invoke(method("UnaryCall"), { response_size = 7,
      payload = { type = "COMPRESSABLE", body = "x" }, fill_username = true })
    expect(res.status, grpc.StatusOK)
    expect(#res.message.payload.body, 7)
    expect(res.message.grpclb_route_type, "GRPCLB_ROUTE_TYPE_UNKNOWN")
    res = reflected:invoke("grpc.health.v1.Health/Check", { service = "" })
    expect(res.message.status, "SERVING")
  )lua");
}

TEST_CASE("grpc-go's health is known without a .proto") {
  const Iteration run(R"lua(
    connect()
    expect(client:health_check().status, grpc.HealthCheckServing)
    expect(client:health_check("grpc.testing.TestService").status, grpc.HealthCheckNotServing)
    local unknown = client:health_check("nobody.Knows")
    expect(unknown.error.code, grpc.StatusNotFound)
    expect(unknown.message, nil)
  )lua");
}

TEST_CASE("no call is lost when grpc-go sends its connections away") {
  Iteration run(R"lua(
    client:connect(__ENV.GRPC_GO_AGEING, { plaintext = true })
    local stream = client:stream(method("FullDuplexCall"))
    stream:send({ response_parameters = { { size = 3 }, { size = 4, interval_us = 900000 } } })
    expect(#stream:receive().payload.body, 3)
    local calls = 0
    repeat
      expect(client:invoke(method("UnaryCall"), { response_size = 9 }).status, grpc.StatusOK)
      calls = calls + 1
    until select(2, stream:receive("1ms")) ~= "timeout" or calls > 100000
    stream:send({ response_parameters = asks_for(5) })
    expect(#stream:receive().payload.body, 5)
    stream:close_send()
    expect(stream:receive(), nil)
    expect(stream.status, grpc.StatusOK)
  )lua");
  CHECK(run.passes("grpc_req_failed") == 0);
  // The stream keeps its connection; the calls beside it find another one.
  CHECK(run.csv().rows("grpc_req_connecting", {{"method", "UnaryCall"}}) > 1);
}

TEST_CASE(
    "grpc-go hangs up on a client that pings too often, which loses the calls in flight only") {
  Iteration run(R"lua(
    connect({ keepalive = { time = "10ms", timeout = "10s", permitWithoutStream = true } })
    local stream = client:stream(method("FullDuplexCall"))
    stream:send({ response_parameters = asks_for(3) })
    expect(#stream:receive().payload.body, 3)
    expect(stream:receive("20s"), nil)
    expect(stream.status, grpc.StatusUnavailable)
    expect(stream.error.message:find("ENHANCE_YOUR_CALM", 1, true) ~= nil, true)
    expect(stream.error.message:find("too_many_pings", 1, true) ~= nil, true)
    expect(client:invoke(method("EmptyCall"), {}).status, grpc.StatusOK)
  )lua");
  CHECK(run.passes("grpc_req_failed") == 1);
}

}  // namespace perigee
