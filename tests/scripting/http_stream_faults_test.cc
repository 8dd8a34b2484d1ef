// Servers that stream answers as they should not.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/scripting/stream_fixture.h"

namespace perigee {
namespace {

// Prints the data of each event, then the error.
const std::string kReadEvents = R"lua(
  local s = http.stream("GET", url, nil, { timeout = "10s" })
  for event in s:events() do print(event.data) end
  print(s.error)
)lua";

RawServer::Script plain(const std::string& fields, const std::string& body) {
  return {RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body)};
}

// The first lines and the last; between them the log has a warning if the stream has failed.
std::string first_and_last(const Lines& lines) {
  return lines.front() + "; " + lines.back();
}

}  // namespace

TEST_CASE("a stream may come one byte at a time") {
  const std::string text =
      kStreamHead + chunk("data: one\r\n\r\n") + chunk("data: two\n\n") + kStreamEnd;
  RawServer::Script script{RawServer::request()};
  for (const char byte : text)
    script.push_back(RawServer::send(std::string(1, byte)));
  script.push_back(RawServer::hang());
  RawServer server({script});
  CHECK(printed(server, kReadEvents) == Lines{"one", "two", ""});
}

TEST_CASE("a stream without a length ends with its connection") {
  RawServer server({plain("", "data: one\n\ndata: two\n\n")});
  CHECK(printed(server, kReadEvents) == Lines{"one", "two", ""});
}

TEST_CASE("a server may close its side when it has streamed") {
  RawServer::Script script = plain("", "data: one\n\n");
  script.push_back(RawServer::half_close());
  script.push_back(RawServer::hang());
  RawServer server({script});
  CHECK(printed(server, kReadEvents) == Lines{"one", ""});
}

TEST_CASE("a server that closes its side within a stream has cut it off") {
  RawServer server(
      {{RawServer::request(), RawServer::send(kStreamHead + chunk("data: one\n\ndata: tw")),
        RawServer::half_close(), RawServer::hang()}});
  CHECK(first_and_last(printed(server, kReadEvents)) == "one; unexpected EOF");
}

TEST_CASE("a reset within a stream is told as one") {
  RawServer server({{RawServer::request(), RawServer::send(kStreamHead + chunk("data: one\n\n")),
                     RawServer::reset()}});
  CHECK(printed(server, kReadEvents).back().find("reset") != std::string::npos);
}

TEST_CASE("a stream shorter than its length is cut off, one that is longer ends there") {
  const std::string events = "data: one\n\ndata: two\n\n";
  RawServer shorter({plain("Content-Length: 30\r\n", events)});
  CHECK(first_and_last(printed(shorter, kReadEvents)) == "one; unexpected EOF");
  RawServer longer({plain("Content-Length: 11\r\n", events)});
  CHECK(printed(longer, kReadEvents) == Lines{"one", ""});
}

TEST_CASE("chunks with a wrong length break a stream") {
  RawServer server({{RawServer::request(),
                     RawServer::send(kStreamHead + chunk("data: one\n\n") + "5\r\ndata: two\n\n"),
                     RawServer::hang()}});
  const Lines lines = printed(server, kReadEvents);
  CHECK(std::find(lines.begin(), lines.end(), "one") != lines.end());
  CHECK(lines.back() == "malformed HTTP response: a chunk is longer than its size");
}

TEST_CASE("an event longer than the limit ends its stream, and its connection") {
  const std::string endless(limits::kStreamItem + 1000, 'x');
  RawServer server(
      {{RawServer::request(), RawServer::send(kStreamHead + chunk("data: one\n\ndata: " + endless)),
        RawServer::hang()}});
  CHECK(first_and_last(printed(server, kReadEvents)) ==
        "one; one of the stream's events is longer than 16777216 bytes");
  CHECK(server.wait_for_closes(1));
}

TEST_CASE("a stream may begin before all of its request has been sent") {
  const auto head_only = [](std::string_view text) {
    const size_t end = text.find("\r\n\r\n");
    return end == std::string_view::npos ? end : end + 4;
  };
  RawServer server(
      {{RawServer::read(head_only),
        RawServer::send(kStreamHead + chunk("data: one\n\n") + kStreamEnd), RawServer::hang()}});
  CHECK(printed(server, R"lua(
    local s = http.stream("POST", url, ("x"):rep(20000000), { timeout = "10s" })
    for event in s:events() do print(event.data) end
    print(s.status .. s.error)
  )lua") == Lines{"one", "200"});
}

TEST_CASE("events without end end with the time-out") {
  const std::vector<std::string> events(1000, chunk("data: more\n\n"));
  std::string text = kStreamHead;
  for (const std::string& event : events)
    text += event;
  RawServer server({{RawServer::request(), RawServer::send(text), RawServer::hang()}});
  HttpScript script(server, R"lua(
    local s = http.stream("GET", url, nil, { timeout = 50 })
    local count = 0
    for event in s:events() do count = count + 1 end
    assert(count == 1000 and s.status == 0 and s.error_code == 1050, s.error)
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.sum("http_reqs", {{"status", "0"}}) == 1);
}

}  // namespace perigee
