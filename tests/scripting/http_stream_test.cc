// Answers that a script reads while they arrive.
#include <doctest/doctest.h>

#include "tests/scripting/stream_fixture.h"

namespace perigee {
namespace {

// A server that sends these pieces after the head, each in a segment of its own, on every
// connection, and keeps it open.
RawServer::Script streams(const std::vector<std::string>& pieces) {
  RawServer::Script script{RawServer::request(), RawServer::send(kStreamHead)};
  for (const std::string& piece : pieces)
    script.push_back(RawServer::send(piece));
  script.push_back(RawServer::hang());
  return script;
}

}  // namespace

TEST_CASE("a script reads events as they arrive") {
  RawServer server(
      {streams({chunk("event: delta\nid: 1\nda"), chunk("ta: one\n\ndata: two\n\n"),
                chunk("retry: 5\ndata: three\n"), chunk("data: lines\n\n"), kStreamEnd})});
  CHECK(printed(server, R"lua(
    local s = http.stream("POST", url .. "/chat", "body", { headers = { Accept = "text/event-stream" } })
    assert(s.status == 200 and s.headers["Content-Type"] == "text/event-stream" and s.error == "")
    local last = 0
    for event, time in s:events() do
      print(event.event .. " " .. event.data .. " " .. event.id .. " " .. tostring(event.retry))
      assert(event.time == time and time >= last)
      last = time
    end
    assert(s.error == "" and s.timings.duration >= last - s.timings.blocked - 0.001)
  )lua") == Lines{"delta one 1 nil", "message two 1 nil", "message three\nlines 1 5"});
  CHECK(body_of(server.requests().at(0)) == "body");
}

TEST_CASE("a script reads lines, chunks, or all at once") {
  const auto script = streams({chunk("a\r\nb"), chunk("c\n\nend"), kStreamEnd});
  RawServer lines({script});
  CHECK(printed(lines, "for line in http.stream('GET', url):lines() do print(line) end") ==
        Lines{"a", "bc", "", "end"});
  RawServer chunks({script});
  CHECK(printed(chunks, "for part in http.stream('GET', url):chunks() do print(#part) end") ==
        Lines{"4", "6"});
  RawServer text({script});
  CHECK(printed(text, "print(#http.stream('GET', url):text())") == Lines{"10"});
}

TEST_CASE("a stream has the samples of its request, and its own") {
  RawServer server({streams({chunk("data: 1\n\n"), chunk("data: 2\n\ndata: 3\n\n"), kStreamEnd})});
  HttpScript script(server, R"lua(
    local s = http.stream("GET", url, nil, { tags = { model = "iris" } })
    for _ in s:events() do end
  )lua");
  CHECK(script.iterate() == IterationResult::kCompleted);
  const TagSet tags{{"model", "iris"}, {"status", "200"}, {"expected_response", "true"}};
  CHECK(script.sum("http_reqs", tags) == 1);
  CHECK(script.sum("http_stream_events", tags) == 3);
  CHECK(script.samples("http_stream_time_to_first_event", tags) == 1);
  CHECK(script.samples("http_stream_event_gap", tags) == 2);
  CHECK(script.samples("http_stream_ttfb", tags) == 1);
  CHECK(script.samples("http_stream_duration", tags) == 1);
  CHECK(script.sum("http_stream_ttfb") <= script.sum("http_stream_time_to_first_event"));
  CHECK(script.sum("http_stream_time_to_first_event") + script.sum("http_stream_event_gap") <=
        script.sum("http_stream_duration"));
}

TEST_CASE("a script hears of the head before anything else has come") {
  RawServer server({{RawServer::request(), RawServer::send(kStreamHead), RawServer::gate(),
                     RawServer::send(chunk("data: late\n\n") + kStreamEnd), RawServer::hang()}});
  HttpScript script(server, R"lua(
    local s = http.stream("GET", url)
    print(s.status_text)
    for event in s:events() do print(event.data) end
  )lua");
  script.start();
  while (!script.told("200 OK"))
    script.loop().run_once();
  CHECK_FALSE(script.told("late"));
  server.open_gate();
  CHECK(script.finish() == IterationResult::kCompleted);
  CHECK(script.told("late"));
}

TEST_CASE("what is no stream can be read as one") {
  RawServer server({answers({answer("404 Not Found", {}, "{\"error\":\"no model\"}")})});
  CHECK(printed(server, R"lua(
    local s = http.stream("GET", url)
    print(s.status .. " " .. s.error_code .. " " .. s:text())
  )lua") == Lines{"404 1404 {\"error\":\"no model\"}"});
}

TEST_CASE("a request that fails is a stream without anything in it") {
  RawServer server({{RawServer::request(), RawServer::hang_up()}});
  HttpScript script(server, R"lua(
    local s = http.stream("GET", url)
    assert(s.status == 0 and s.error ~= "" and s.headers ~= nil)
    for _ in s:events() do error("an event") end
    local invalid = http.stream("GET", "nonsense")
    assert(invalid.status == 0 and invalid.error_code == 1020 and invalid:text() == "")
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.sum("http_reqs", {{"status", "0"}}) == 1);
  CHECK(script.sum("http_stream_events") == 0);
}

TEST_CASE("a stream that is cut off says so when it has been read") {
  RawServer server(
      {{RawServer::request(), RawServer::send(kStreamHead + chunk("data: 1\n\ndata: half"))}});
  HttpScript script(server, R"lua(
    local s = http.stream("GET", url)
    for event in s:events() do print(event.data) end
    assert(s.status == 0 and s.error ~= "")
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.told("1"));
  CHECK(script.sum("http_reqs", {{"status", "0"}}) == 1);
  CHECK(script.sum("http_stream_events") == 1);
  CHECK(script.samples("http_stream_duration") == 0);
}

TEST_CASE("with throw, a stream that fails is an error of the script where it is read") {
  RawServer server({{RawServer::request(), RawServer::send(kStreamHead + chunk("data: 1\n\n"))},
                    {RawServer::request(), RawServer::hang_up()}});
  HttpScript script(server, R"lua(
    local s = http.stream("GET", url, nil, { throw = true })
    local ok, message = pcall(function() for event in s:events() do print(event.data) end end)
    assert(not ok and message:find("^script.lua:5: GET http://127"), message)
    ok, message = pcall(http.stream, "GET", url, nil, { throw = true })
    assert(not ok and message:find("GET http://127", 1, true), message)
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.told("1"));
}

TEST_CASE("a script may close a stream that goes on") {
  RawServer server({streams({chunk("data: 1\n\n")})});
  HttpScript script(server, R"lua(
    local s = http.stream("GET", url)
    for event in s:events() do s:close() end
    s:close()
    assert(s.status == 200 and s.error == "")
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(server.wait_for_closes(1));
  CHECK(script.sum("http_reqs", {{"status", "200"}}) == 1);
  CHECK(script.sum("http_reqs_interrupted") == 0);
}

TEST_CASE("console.log shows the head of a stream's response") {
  RawServer server({streams({chunk("data: 1\n\n"), kStreamEnd})});
  HttpScript script(server, "console.log(http.stream('GET', url))");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.told(R"(\"method\":\"GET\",\"proto\":\"HTTP/1.1\",\"status\":200)"));
}

TEST_CASE("a stream left open may end by itself, and its connection is used again") {
  RawServer server(
      {{RawServer::request(), RawServer::send(kStreamHead + chunk("data: [DONE]\n\n")),
        RawServer::gate(), RawServer::send(kStreamEnd), RawServer::request(),
        RawServer::send(kStreamHead + chunk("data: [DONE]\n\n") + kStreamEnd), RawServer::hang()}});
  HttpScript script(server, R"lua(
    for event in http.stream("GET", url):events() do
      if event.data == "[DONE]" then break end
    end
    print("left")
  )lua");
  script.start();
  while (!script.told("left"))
    script.loop().run_once();
  server.open_gate();
  CHECK(script.finish() == IterationResult::kCompleted);
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.sum("http_reqs", {{"status", "200"}}) == 2);
  CHECK(script.sum("http_reqs_interrupted") == 0);
  CHECK(server.connections() == 1);
}

TEST_CASE("a stream left open that goes on is cut off and counted") {
  RawServer server({streams({chunk("data: 1\n\n")})});
  HttpScript script(server, "kept = http.stream('GET', url)", "local kept");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(server.wait_for_closes(1));
  CHECK(script.sum("http_reqs") == 0);
  CHECK(script.sum("http_reqs_interrupted") == 1);
}

TEST_CASE("an error of the script and an interruption cut its streams off, and count them") {
  RawServer server({streams({chunk("data: 1\n\n")})});
  HttpScript failing(server, "for event in http.stream('GET', url):events() do error('oops') end");
  CHECK(failing.iterate() == IterationResult::kFailed);
  CHECK(failing.sum("http_reqs_interrupted") == 1);

  HttpScript script(server, R"lua(
    if kept then print(select(2, pcall(kept.text, kept))) return end
    kept = http.stream("GET", url)
    for event in kept:chunks() do print("read") end
  )lua",
                    "local kept");
  script.start();
  while (!script.told("read"))
    script.loop().run_once();
  script.vu().interrupt();
  CHECK(script.finish() == IterationResult::kInterrupted);
  CHECK(script.sum("http_reqs_interrupted") == 1);
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.told("the stream was cut off with its iteration"));
}

TEST_CASE("a script that does not read makes the server wait, and misses nothing") {
  RawServer server({answers({answer("200 OK", {}, std::string(20'000'000, 'x'))})});
  HttpScript script(server, R"lua(
    local s = http.stream("GET", url)
    perigee.sleep(0.05)
    local total = 0
    for part in s:chunks() do total = total + #part end
    assert(s.error == "")
    print(total)
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.told("20000000"));
}

TEST_CASE("idleTimeout ends a stream on which nothing comes any more") {
  RawServer server({streams({chunk("data: 1\n\n")})});
  CHECK(printed(server, R"lua(
    local s = http.stream("GET", url, nil, { idleTimeout = 20 })
    for event in s:events() do print(event.data) end
    print(s.error_code .. " " .. s.error)
  )lua")
            .at(0) == "1");
  HttpScript plain(server, "http.get(url, { idleTimeout = '1s' })");
  CHECK(plain.iterate() == IterationResult::kFailed);
  CHECK(plain.vu().error().find("idleTimeout is for http.stream") != std::string::npos);
}

TEST_CASE("a stream has no use for responseType, and says so") {
  RawServer server({streams({chunk("data: 1\n\n")})});
  HttpScript script(server, "http.stream('GET', url, nil, { responseType = 'none' })");
  CHECK(script.iterate() == IterationResult::kFailed);
  CHECK(script.vu().error().find("responseType is for answers that are kept") != std::string::npos);
}

TEST_CASE("a parameter that the call would refuse is not offered") {
  RawServer server({streams({chunk("data: 1\n\n")})});
  for (const char* call : {"http.stream('GET', url, nil, { responseTyp = 'none' })",
                           "http.get(url, { idleTimout = '1s' })"}) {
    HttpScript script(server, call);
    CHECK(script.iterate() == IterationResult::kFailed);
    INFO(script.vu().error());
    CHECK(script.vu().error().find("there is no request parameter") != std::string::npos);
    CHECK(script.vu().error().find("did you mean") == std::string::npos);
  }
  HttpScript plain(server, "http.get(url, { responseTyp = 'none' })");
  CHECK(plain.iterate() == IterationResult::kFailed);
  CHECK(plain.vu().error().find("(did you mean \"responseType\"?)") != std::string::npos);
}

TEST_CASE("the timeout is for the whole stream") {
  RawServer server({streams({chunk("data: 1\n\n")})});
  HttpScript script(server, R"lua(
    local s = http.stream("GET", url, nil, { timeout = 30 })
    for event in s:events() do print(event.data) end
    assert(s.error_code == 1050, s.error)
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.told("1"));
}

TEST_CASE("redirections and cookies work as for every request") {
  RawServer server(
      {{RawServer::request(), RawServer::send(answer("302 Found", "Location: /there\r\n", "gone")),
        RawServer::request(),
        RawServer::send("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n" +
                        chunk("data: 1\n\n") + kStreamEnd),
        RawServer::request(), RawServer::send(kStreamHead + kStreamEnd), RawServer::hang()}});
  HttpScript script(server, R"lua(
    local s = http.stream("GET", url)
    assert(s.url == url .. "/there", s.url)
    for event in s:events() do print(event.data) end
    http.stream("GET", url):close()
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.told("1"));
  CHECK(script.sum("http_reqs") == 3);
  CHECK(server.requests().at(2).find("Cookie: a=b\r\n") != std::string::npos);
}

TEST_CASE("a redirection that leads nowhere is an answer like any other") {
  RawServer server(
      {answers({"HTTP/1.1 304 Not Modified\r\n\r\n", answer("300 Choices", {}, "some")})});
  CHECK(printed(server, R"lua(
    local s = http.stream("GET", url)
    print(s.status .. s:text())
    s = http.stream("GET", url)
    print(s.status .. s:text())
  )lua") == Lines{"304", "300some"});
}

TEST_CASE("what a stream can't do is refused with a sentence") {
  RawServer server({streams({chunk("data: 1\n\n"), kStreamEnd})});
  const std::vector<std::string> lines = printed(server, R"lua(
    local s = http.stream("GET", url)
    print(select(2, pcall(function() return s.body end)))
    print(select(2, pcall(function() return s.statsu end)))
    print(select(2, pcall(s.events)))
    for _ in s:events() do print(select(2, pcall(s:lines()))) end
  )lua");
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] ==
        "script.lua:5: an answer that is streamed has no body: read it with s:events(), s:lines(), "
        "s:chunks() or s:text()");
  CHECK(lines[1].find("a response has no field \"statsu\"") != std::string::npos);
  CHECK(lines[2] ==
        "script.lua:7: stream:events: write stream:events(), with a colon instead of the dot");
  CHECK(lines[3].find("the stream is read as events already, and can't be read as lines too") !=
        std::string::npos);
}

}  // namespace perigee
