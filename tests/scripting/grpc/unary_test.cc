// Unary calls from scripts.
#include <string>

#include <doctest/doctest.h>

#include "tests/scripting/grpc/grpc_fixture.h"

namespace perigee {

TEST_CASE("a call has a status, a message, headers and trailers") {
  GrpcScript test(R"lua(
    local res = client:invoke("perigee.test.Test/Echo",
      { text = "hello", payload = "\0\255", with_metadata = true },
      { metadata = { ["X-Name"] = "value", list = { "a", "b" } } })
    assert(res.status == grpc.StatusOK and res.error == nil)
    assert(res.message.text == "hello" and res.message.payload == "\0\255")
    assert(res.message.metadata["x-name"] == "value")
    assert(res.headers["content-type"][1] == "application/grpc")
    assert(res.trailers["grpc-status"][1] == "0")
  )lua");
  test.run();
  CHECK(test.script.sum("grpc_reqs", {{"status", "0"},
                                      {"service", "perigee.test.Test"},
                                      {"method", "Echo"},
                                      {"name", "/perigee.test.Test/Echo"}}) == 1);
  CHECK(test.script.samples("grpc_req_duration") == 1);
  CHECK(test.script.sum("grpc_req_failed") == 0);
  CHECK(test.script.samples("grpc_req_failed") == 1);
  CHECK(test.script.samples("grpc_streams") == 0);
}

TEST_CASE("console.log shows a response") {
  GrpcScript test(R"lua(
    console.log(client:invoke("perigee.test.Test/Echo", { text = "hello" }))
  )lua");
  test.run();
  CHECK(test.script.told(R"(\"text\":\"hello\")"));
  CHECK(test.script.told(R"(\"status\":0,\"trailers\":{\"grpc-status\":[\"0\"])"));
}

TEST_CASE("with the option traceparent a call carries a trace, unless the script gives one") {
  const TargetProcess target;
  ScriptFixture::Options options;
  options.http.traceparent = true;
  ScriptFixture script(grpc_script(target.url().substr(7), R"lua(
    connect()
    local function echo(params)
      local res = client:invoke("perigee.test.Test/Echo", { with_metadata = true }, params)
      return res.message.metadata.traceparent
    end
    assert(echo():match("^00%-%x+%-%x+%-01$"))
    assert(echo() ~= echo())
    assert(echo({ metadata = { traceparent = "mine" } }) == "mine")
  )lua"),
                       options);
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.vu().error().empty());
}

TEST_CASE("a call without a message sends an empty one") {
  GrpcScript test(R"lua(
    local res = client:invoke("inference.GRPCInferenceService/ServerLive")
    assert(res.message.live == true)
  )lua");
  test.run();
}

TEST_CASE("a failure has the server's code, message and details, and no message") {
  GrpcScript test(R"lua(
    local res = client:invoke("perigee.test.Test/Fail", { code = 5, message = "no such \n thing" })
    assert(res.status == grpc.StatusNotFound and res.message == nil)
    assert(res.error.code == 5 and res.error.message == "no such \n thing")
    assert(#res.error.details == 0)
  )lua");
  test.run();
  CHECK(test.script.sum("grpc_reqs", {{"status", "5"}}) == 1);
  CHECK(test.script.sum("grpc_req_failed") == 1);
}

TEST_CASE("details are a list of types and bytes") {
  GrpcScript test(R"lua(
    local any = "\10\3t/A\18\2hi"
    local details = "\8\5\18\1x\26" .. string.char(#any) .. any
    local res = client:invoke("perigee.test.Test/Fail", { code = 5, details = details })
    assert(#res.error.details == 1, json.encode(res.error))
    assert(res.error.details[1]["@type"] == "t/A" and res.error.details[1].value == "hi")
  )lua");
  test.run();
}

TEST_CASE("a deadline is the server's, too") {
  GrpcScript test(R"lua(
    local res = client:invoke("perigee.test.Test/Hang", {}, { timeout = "30ms" })
    assert(res.status == grpc.StatusDeadlineExceeded, res.status)
  )lua");
  test.run();
}

TEST_CASE("compressed messages come back compressed") {
  GrpcScript test(R"lua(
    local text = ("x"):rep(10000)
    local res = client:invoke("perigee.test.Test/Echo", { text = text }, { compression = "gzip" })
    assert(res.message.text == text)
  )lua");
  test.run();
}

TEST_CASE("a message can be encoded once and sent many times") {
  GrpcScript test(
      R"lua(
    for i = 1, 3 do
      assert(client:invoke("perigee.test.Test/Echo", hello).message.text == "hello")
    end
    local ok, message = pcall(function() client:invoke("perigee.test.Test/Fail", hello) end)
    assert(not ok and message:find("the message was encoded for another method", 1, true), message)
  )lua",
      R"lua(local hello = grpc.encode(client, "perigee.test.Test/Echo", { text = "hello" }))lua");
  test.run();
}

TEST_CASE("calls without waiting are awaited later, in any order") {
  GrpcScript test(R"lua(
    local promises = {}
    for i = 1, 20 do
      promises[i] = client:async_invoke("perigee.test.Test/Echo", { text = "n" .. i, delay_ms = i % 3 })
    end
    for i = 20, 1, -1 do assert(promises[i]:await().message.text == "n" .. i) end
    assert(promises[1]:await() == promises[1]:await())
    client:async_invoke("perigee.test.Test/Echo", { text = "nobody awaits this" })
  )lua");
  test.run();
  CHECK(test.script.sum("grpc_reqs", {{"status", "0"}}) == 21);
}

TEST_CASE("a message that is not wanted is not kept") {
  GrpcScript test(R"lua(
    local res = client:invoke("perigee.test.Test/Echo", { text = "x" }, { discardResponseMessage = true })
    assert(res.status == 0 and res.message == nil)
  )lua");
  test.run();
}

TEST_CASE("tags and a name go with the samples of a call") {
  GrpcScript test(R"lua(
    client:invoke("perigee.test.Test/Echo", {}, { tags = { kind = "a", name = "echo" } })
  )lua");
  test.run();
  CHECK(test.script.sum("grpc_reqs", {{"kind", "a"}, {"name", "echo"}, {"url", "echo"}}) == 1);
}

TEST_CASE("every fault of a server has a status, and the connection is made again") {
  GrpcScript test(R"lua(
    local expected = {
      RESET = 13, CLOSE = 14, CUT_MESSAGE = 13, NO_STATUS = 2, BAD_STATUS = 2,
      WRONG_CONTENT_TYPE = 2, HTTP_STATUS = 14, UNKNOWN_ENCODING = 12, NO_ENCODING = 13,
      BAD_FLAG = 13, OVERSIZED = 8,
    }
    for way, status in pairs(expected) do
      local res = client:invoke("perigee.test.Test/Break", { way = way })
      assert(res.status == status and res.error.message ~= "", way .. " " .. res.status)
    end
    local res = client:invoke("perigee.test.Test/Break", { way = "HANG" }, { timeout = "20ms" })
    assert(res.status == grpc.StatusDeadlineExceeded)
  )lua");
  test.run();
}

TEST_CASE("bytes that are no such message are an error of whoever reads them") {
  GrpcScript test(R"lua(
    local res = client:invoke("perigee.test.Test/Break", { way = "NOT_PROTOBUF", messages = 0 })
    local ok, message = pcall(function() return res.message end)
    assert(not ok or res.status ~= 0, tostring(res.status))
  )lua");
  test.run();
}

TEST_CASE("calls that the end of an iteration cuts off are counted as interrupted") {
  GrpcScript test(R"lua(client:invoke("perigee.test.Test/Hang"))lua");
  test.script.start();
  while (test.target.stats()["grpc"]["calls"].get<int>() == 0)
    test.script.loop().run_once();
  test.script.vu().interrupt();
  CHECK(test.script.finish() == IterationResult::kInterrupted);
  CHECK(test.script.sum("grpc_reqs_interrupted") == 1);
  CHECK(test.script.samples("grpc_reqs") == 0);
}

}  // namespace perigee
