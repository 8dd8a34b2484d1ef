// Connections that streams leave behind, for the requests that follow.
#include <string>

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/scripting/stream_fixture.h"

namespace perigee {
namespace {

// More than what may wait to be read, in one piece with the end.
std::string long_stream() {
  return kStreamHead + chunk(std::string(limits::kStreamUnread + 1000, 'x')) + kStreamEnd;
}

std::string sized(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// A connection that serves a long stream, and two requests more.
RawServer::Script stream_and_more() {
  return {RawServer::request(), RawServer::send(long_stream()),
          RawServer::request(), RawServer::send(sized("one")),
          RawServer::request(), RawServer::send(sized("two")),
          RawServer::hang()};
}

TEST_CASE("the connection of a long stream serves the next request") {
  std::string reading;
  SUBCASE("read by chunks") {
    reading = "for piece in stream:chunks() do end";
  }
  SUBCASE("read as text") {
    reading = "stream:text()";
  }
  SUBCASE("read by lines") {
    reading = "for line in stream:lines() do end";
  }
  SUBCASE("read after another request") {
    reading = "http.get(url) stream:text()";
  }
  RawServer server({stream_and_more(), {RawServer::request(), RawServer::send(sized("other"))}});
  const std::string script = "local stream = http.stream('GET', url)\n" + reading + R"lua(
    print(stream.error .. http.get(url, { timeout = "10s" }).status)
  )lua";
  CHECK(printed(server, script) == Lines{"200"});
}

TEST_CASE("the connection of a long stream that nobody has read serves the next iteration") {
  RawServer server({stream_and_more()});
  HttpScript script(server, R"lua(
    if __ITER == 0 then
      http.stream("GET", url)
    else
      print(http.get(url, { timeout = "10s" }).status)
    end
  )lua");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.told("200"));
}

}  // namespace
}  // namespace perigee
