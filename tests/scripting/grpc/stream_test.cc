// Streams of gRPC from scripts.
#include <doctest/doctest.h>

#include "tests/scripting/grpc/grpc_fixture.h"

namespace perigee {

TEST_CASE("a bidirectional stream talks until both sides have ended") {
  GrpcScript test(R"lua(
    local s = client:stream("perigee.test.Test/Chat", { metadata = { x = "y" } })
    for i = 1, 3 do
      assert(s:send({ text = "m" .. i }))
      local message, time = s:receive("5s")
      assert(message.text == "m" .. i and time > 0)
    end
    assert(s.status == nil and s.headers["content-type"][1] == "application/grpc")
    s:close_send()
    local message, why = s:receive()
    assert(message == nil and why == "end")
    assert(s.status == grpc.StatusOK and s.error == nil and s.trailers["grpc-status"][1] == "0")
    assert(s:send({}) == false and select(2, s:receive()) == "end")
  )lua");
  test.run();
  CHECK(test.script.sum("grpc_streams") == 1);
  CHECK(test.script.sum("grpc_reqs") == 1);
  CHECK(test.script.sum("grpc_streams_msgs_sent") == 3);
  CHECK(test.script.sum("grpc_streams_msgs_received") == 3);
  CHECK(test.script.samples("grpc_stream_time_to_first_message") == 1);
  CHECK(test.script.samples("grpc_stream_message_gap") == 2);
  CHECK(test.script.samples("grpc_stream_duration") == 1);
  CHECK(test.script.samples("grpc_req_duration") == 0);
}

TEST_CASE("a server's stream takes one message and gives many, with their times") {
  GrpcScript test(R"lua(
    local s = client:stream("perigee.test.Test/Count")
    s:send({ messages = 5, interval_ms = 1, size = 10 })
    local count, last = 0, 0
    for message, time in s:messages() do
      count = count + 1
      assert(message.index == count and #message.payload == 10 and time >= last)
      last = time
    end
    assert(count == 5 and s.status == grpc.StatusOK)
    local other = client:stream("perigee.test.Test/Count")
    other:send({ messages = 1 })
    local ok, why = pcall(function() other:send({}) end)
    assert(not ok and why:find("takes one message from its client", 1, true), why)
  )lua");
  test.run();
}

TEST_CASE("a client's stream sends many messages and gets one") {
  GrpcScript test(R"lua(
    local s = client:stream("perigee.test.Test/Sum")
    for i = 1, 100 do s:send({ value = i }) end
    s:close_send()
    assert(s:receive().sum == 5050 and s:receive() == nil and s.status == grpc.StatusOK)
    local ok, why = pcall(function()
      local closed = client:stream("perigee.test.Test/Sum")
      closed:close_send()
      closed:send({})
    end)
    assert(not ok and why:find("was closed for sending", 1, true), why)
  )lua");
  test.run();
}

TEST_CASE("a stream that fails has its status when its messages have been taken") {
  GrpcScript test(R"lua(
    local s = client:stream("perigee.test.Test/Count")
    s:send({ messages = 2, code = 9, message = "not now" })
    local count = 0
    for _ in s:messages() do count = count + 1 end
    assert(count == 2 and s.status == grpc.StatusFailedPrecondition and s.error.message == "not now")
  )lua");
  test.run();
  CHECK(test.script.sum("grpc_req_failed") == 1);
}

TEST_CASE("a time limit ends the wait and not the stream") {
  GrpcScript test(R"lua(
    local s = client:stream("perigee.test.Test/Chat")
    local message, why = s:receive("10ms")
    assert(message == nil and why == "timeout")
    s:send({ text = "still there" })
    assert(s:receive().text == "still there")
    s:close_send()
    assert(s:receive() == nil)
  )lua");
  test.run();
}

TEST_CASE("a stream without an end is closed by its script, and is no failure") {
  GrpcScript test(R"lua(
    local s = client:stream("perigee.test.Test/Count")
    s:send({ endless = true, size = 100 })
    for message in s:messages() do
      if message.index == 10 then break end
    end
    s:close()
    assert(s.status == grpc.StatusCanceled)
  )lua");
  test.run();
  CHECK(test.script.sum("grpc_reqs", {{"status", "1"}}) == 1);
  CHECK(test.script.samples("grpc_req_failed") == 0);
}

TEST_CASE("a stream that is closed before it has left counts nowhere") {
  GrpcScript test(R"lua(
    client:stream("perigee.test.Test/Chat"):close()
    assert(client:invoke("perigee.test.Test/Echo").status == 0)
  )lua");
  test.run();
  CHECK(test.script.sum("grpc_reqs") == 1);
  CHECK(test.script.samples("grpc_streams") == 0);
  CHECK(test.target.stats()["grpc"]["calls"] == 1);
}

TEST_CASE("a deadline ends a stream") {
  GrpcScript test(R"lua(
    local s = client:stream("perigee.test.Test/Count", { timeout = "50ms" })
    s:send({ endless = true, interval_ms = 5 })
    for _ in s:messages() do end
    assert(s.status == grpc.StatusDeadlineExceeded)
  )lua");
  test.run();
}

TEST_CASE("a stream that nobody reads is held back, and can be read later") {
  GrpcScript test(R"lua(
    local s = client:stream("perigee.test.Test/Count")
    s:send({ messages = 3000, size = 10000 })
    for i = 1, 50 do assert(client:invoke("perigee.test.Test/Echo", { delay_ms = 1 }).status == 0) end
    local count = 0
    for _ in s:messages() do count = count + 1 end
    assert(count == 3000 and s.status == 0, count)
  )lua");
  test.run();
}

TEST_CASE("streams that a function leaves behind end with the iteration") {
  GrpcScript test(R"lua(
    client:stream("perigee.test.Test/Chat"):send({ text = "x" })
    local s = client:stream("perigee.test.Test/Count")
    s:send({ messages = 3 })
  )lua");
  test.run();
  CHECK(test.script.sum("grpc_reqs", {{"status", "0"}}) == 2);
}

TEST_CASE("a stream is cut off with its iteration, and counted as interrupted") {
  GrpcScript test(R"lua(
    local s = client:stream("perigee.test.Test/Chat")
    s:receive()
  )lua");
  test.script.start();
  while (test.target.stats()["grpc"]["calls"].get<int>() == 0)
    test.script.loop().run_once();
  test.script.vu().interrupt();
  CHECK(test.script.finish() == IterationResult::kInterrupted);
  CHECK(test.script.sum("grpc_reqs_interrupted") == 1);
}

TEST_CASE("several streams of a user go on beside each other") {
  GrpcScript test(R"lua(
    local streams = {}
    for i = 1, 10 do
      streams[i] = client:stream("perigee.test.Test/Chat")
      streams[i]:send({ text = "s" .. i })
    end
    for i = 10, 1, -1 do assert(streams[i]:receive().text == "s" .. i) end
    for i = 1, 10 do streams[i]:close_send() assert(streams[i]:receive() == nil) end
  )lua");
  test.run();
  CHECK(test.script.sum("grpc_streams", {{"status", "0"}}) == 10);
}

}  // namespace perigee
